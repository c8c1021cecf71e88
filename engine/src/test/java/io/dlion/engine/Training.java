package io.dlion.engine;

import io.dlion.core.learn.ExampleShape;
import io.dlion.core.learn.ExampleShape.Kind;
import io.dlion.core.learn.Examples;
import io.dlion.core.learn.Learner;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;

/** Small helpers for tests that train. */
final class Training {
  private Training() {}

  static ExampleShape images(int channels, int side) {
    return new ExampleShape(List.of(channels, side, side), Kind.CLASSIFICATION, 10);
  }

  static ExampleShape text(int length, int symbols) {
    return new ExampleShape(List.of(length), Kind.NEXT_SYMBOL, symbols);
  }

  static ExampleShape table(Kind kind, int features, int outputs) {
    return new ExampleShape(List.of(features), kind, outputs);
  }

  static ExampleShape series(int steps, int features, int outputs) {
    return new ExampleShape(List.of(steps, features), Kind.CLASSIFICATION, outputs);
  }

  /** What each built-in model is tried with: small, but not degenerate. */
  static ExampleShape smallShape(String model) {
    return switch (model) {
      case "char-lstm" -> text(7, 12);
      case "lstm" -> series(7, 3, 5);
      case "mobilenet" -> images(3, 17);
      case "resnet18" -> images(3, 9);
      default -> images(3, 10);
    };
  }

  static float[] floats(MemorySegment segment) {
    return segment.toArray(ValueLayout.JAVA_FLOAT);
  }

  /** Plain gradient descent on random batches in a fixed order; returns the loss of each step. */
  static double[] train(Learner learner, Examples examples, int steps, int size, float rate) {
    double[] losses = new double[steps];
    int[] rows = new int[size];
    for (int step = 0; step < steps; step++) {
      for (int i = 0; i < size; i++) {
        rows[i] = (step * size + i) % examples.count();
      }
      losses[step] = learner.gradient(examples, rows, size, step);
      descend(learner, rate);
    }
    return losses;
  }

  static void descend(Learner learner, float rate) {
    MemorySegment w = learner.weights();
    MemorySegment g = learner.gradient();
    for (long i = 0; i < learner.parameters().size(); i++) {
      float value =
          w.getAtIndex(ValueLayout.JAVA_FLOAT, i) - rate * g.getAtIndex(ValueLayout.JAVA_FLOAT, i);
      w.setAtIndex(ValueLayout.JAVA_FLOAT, i, value);
    }
  }

  static double mean(double[] values, int from, int to) {
    return Arrays.stream(values, from, to).average().orElseThrow();
  }
}
