package io.dlion.emulator.run;

import io.dlion.core.layout.ParameterLayout;
import io.dlion.core.learn.Evaluation;
import io.dlion.core.learn.Examples;
import io.dlion.core.learn.Learner;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Softmax regression on {@link ToyExamples}: what it learns depends on the labels. */
final class ToyLearner implements Learner {
  private static final int C = ToyExamples.CLASSES;

  private final ParameterLayout layout = new ParameterLayout.Builder().add("table", C * C).build();
  private final ParameterLayout noBuffers = new ParameterLayout.Builder().build();
  private final float[] weights = new float[layout.size()];
  private final float[] gradient = new float[layout.size()];

  private static final class Batch {
    private final float[] inputs;
    private final long[] targets;

    Batch(Examples examples, int[] rows, int size) {
      inputs = new float[size * C];
      targets = new long[size];
      examples.copy(rows, size, MemorySegment.ofArray(inputs), MemorySegment.ofArray(targets));
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
    java.util.Arrays.fill(gradient, 0);
    Batch batch = new Batch(examples, rows, size);
    double loss = 0;
    for (int i = 0; i < size; i++) {
      double[] p = probabilities(batch, i);
      int target = (int) batch.targets[i];
      loss -= Math.log(p[target]) / size;
      for (int k = 0; k < C; k++) {
        for (int j = 0; j < C; j++) {
          double error = p[k] - (k == target ? 1 : 0);
          gradient[k * C + j] += (float) (error * batch.inputs[i * C + j] / size);
        }
      }
    }
    return loss;
  }

  private double[] probabilities(Batch batch, int i) {
    double[] p = new double[C];
    double sum = 0;
    for (int k = 0; k < C; k++) {
      double score = 0;
      for (int j = 0; j < C; j++) {
        score += weights[k * C + j] * batch.inputs[i * C + j];
      }
      p[k] = StrictMath.exp(score);
      sum += p[k];
    }
    for (int k = 0; k < C; k++) {
      p[k] /= sum;
    }
    return p;
  }

  @Override
  public Evaluation evaluate(Examples examples) {
    int[] rows = new int[examples.count()];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = i;
    }
    Batch batch = new Batch(examples, rows, rows.length);
    double loss = 0;
    int right = 0;
    for (int i = 0; i < rows.length; i++) {
      double[] p = probabilities(batch, i);
      int best = 0;
      for (int k = 1; k < C; k++) {
        best = p[k] > p[best] ? k : best;
      }
      loss -= Math.log(p[(int) batch.targets[i]]);
      right += best == batch.targets[i] ? 1 : 0;
    }
    return new Evaluation(rows.length, loss / rows.length, (double) right / rows.length);
  }

  /** The weights as they are, of a copy of its memory. */
  static float[] copy(MemorySegment weights) {
    return weights.toArray(ValueLayout.JAVA_FLOAT);
  }

  @Override
  public void close() {}
}
