package io.dlion.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dlion.core.learn.Evaluation;
import io.dlion.core.learn.ExampleShape;
import io.dlion.core.learn.ExampleShape.Kind;
import io.dlion.core.learn.Examples;
import io.dlion.core.learn.Learner;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.junit.jupiter.api.Test;

class SquaredHingeTest {
  /** One feature, of the values given, with a class each. */
  private record Points(List<Float> values, List<Integer> classes, int outputs)
      implements Examples {
    @Override
    public int count() {
      return values.size();
    }

    @Override
    public ExampleShape shape() {
      return Training.table(Kind.CLASSIFICATION, 1, outputs);
    }

    @Override
    public void copy(int[] rows, int size, MemorySegment inputs, MemorySegment targets) {
      for (int i = 0; i < size; i++) {
        inputs.setAtIndex(ValueLayout.JAVA_FLOAT, i, values.get(rows[i]));
        targets.setAtIndex(ValueLayout.JAVA_LONG, i, classes.get(rows[i]));
      }
    }

    @Override
    public int label(int row) {
      return classes.get(row);
    }
  }

  private static Learner learner(Points points, float[] weights, float[] biases) {
    ModelSpec spec = ModelSpec.builtIn("svm", points.shape());
    Learner learner = spec.learner(1, 1);
    int weight = spec.parameters().variables().get(0).offset();
    int bias = spec.parameters().variables().get(1).offset();
    for (int c = 0; c < weights.length; c++) {
      learner.weights().setAtIndex(ValueLayout.JAVA_FLOAT, weight + c, weights[c]);
      learner.weights().setAtIndex(ValueLayout.JAVA_FLOAT, bias + c, biases[c]);
    }
    return learner;
  }

  @Test
  void theLossIsTheMeanOverExamplesOfTheSumOverClasses() {
    Points points = new Points(List.of(1f, -2f), List.of(0, 2), 3);
    // Outputs (0.5, -2, 0) and (-1, 4, 3): lacking are (0.5, 0, 1) and (0, 5, 0).
    float[] w = {0.5f, -2, -1};
    float[] b = {0, 0, 1};
    try (Learner learner = learner(points, w, b)) {
      double expected = (0.25 + 1 + 25) / 2;
      int[] rows = {0, 1};
      assertThat(learner.gradient(points, rows, 2, 0)).isCloseTo(expected, within(1e-6));
      Evaluation evaluation = learner.evaluate(points);
      assertThat(evaluation.loss()).isCloseTo(expected, within(1e-6));
      assertThat(evaluation.accuracy()).isEqualTo(0.5);
      // d/dw of class 1: 2 · lacking · −y · x of the second example, over 2.
      assertThat(learner.gradient().getAtIndex(ValueLayout.JAVA_FLOAT, 1))
          .isCloseTo(2 * 5 * 1 * -2 / 2f, within(1e-5f));
    }
  }

  @Test
  void anExampleBeyondTheMarginCostsNothing() {
    Points points = new Points(List.of(2f, -3f), List.of(1, 0), 2);
    try (Learner learner = learner(points, new float[] {-1, 1}, new float[] {0, 0})) {
      assertThat(learner.gradient(points, new int[] {0, 1}, 2, 0)).isZero();
      assertThat(learner.evaluate(points).accuracy()).isEqualTo(1);
    }
  }
}
