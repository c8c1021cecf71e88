package io.dlion.emulator.check;

import io.dlion.core.layout.ParameterLayout;
import io.dlion.core.layout.Variable;
import io.dlion.core.learn.Evaluation;
import io.dlion.core.learn.Examples;
import io.dlion.core.learn.Learner;
import java.lang.foreign.MemorySegment;

/**
 * A learner that costs next to nothing, to try the protocol rather than the mathematics: the loss
 * is half the mean squared distance of the weights from a target that differs a little from example
 * to example. Plain Java, heap memory.
 */
public final class StubLearner implements Learner {
  private static final float NOISE = 0.2f;

  private final ParameterLayout layout;
  private final float[] weights;
  private final float[] gradient;
  private final float[] target;
  private final ParameterLayout noBuffers = new ParameterLayout.Builder().build();

  /** A learner of so many parameters, in three variables of unequal size. */
  public StubLearner(int parameters) {
    if (parameters < 3) {
      throw new IllegalArgumentException("parameters: expected at least 3, found " + parameters);
    }
    int small = Math.max(1, parameters / 10);
    layout =
        new ParameterLayout.Builder()
            .add("large", parameters - small - 1)
            .add("small", small)
            .add("one", 1)
            .build();
    weights = new float[layout.size()];
    gradient = new float[layout.size()];
    target = new float[layout.size()];
    for (int i = 0; i < target.length; i++) {
      target[i] = (i % 7 - 3) / 3f;
    }
  }

  @Override
  public ParameterLayout parameters() {
    return layout;
  }

  @Override
  public ParameterLayout bufferLayout() {
    return noBuffers;
  }

  @Override
  public MemorySegment weights() {
    return MemorySegment.ofArray(weights);
  }

  @Override
  public MemorySegment gradient() {
    return MemorySegment.ofArray(gradient);
  }

  @Override
  public MemorySegment buffers() {
    return MemorySegment.ofArray(new float[0]);
  }

  @Override
  public double gradient(Examples examples, int[] rows, int size, long seed) {
    float shift = 0;
    for (int i = 0; i < size; i++) {
      shift += NOISE * (rows[i] % 17 - 8) / 8;
    }
    shift /= size;
    double sum = 0;
    for (Variable v : layout.variables()) {
      for (int i = v.offset(); i < v.end(); i++) {
        float difference = weights[i] - target[i] - shift * ((i & 1) == 0 ? 1 : -1);
        gradient[i] = difference;
        sum += difference * difference;
      }
    }
    return sum / 2 / layout.elements();
  }

  /** Accuracy is 1 at the target, and 0 as far from it as at the start or farther. */
  @Override
  public Evaluation evaluate(Examples examples) {
    double distance = 0;
    double atStart = 0;
    for (Variable v : layout.variables()) {
      for (int i = v.offset(); i < v.end(); i++) {
        double off = weights[i] - target[i];
        distance += off * off;
        atStart += target[i] * target[i];
      }
    }
    return new Evaluation(
        1, distance / 2 / layout.elements(), Math.max(0, 1 - Math.sqrt(distance / atStart)));
  }

  @Override
  public void close() {}
}
