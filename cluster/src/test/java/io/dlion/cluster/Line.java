package io.dlion.cluster;

import io.dlion.core.layout.ParameterLayout;
import io.dlion.core.learn.Evaluation;
import io.dlion.core.learn.ExampleShape;
import io.dlion.core.learn.Examples;
import io.dlion.core.learn.Learner;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/** A linear model of four features, trained without an engine; and data that it fits exactly. */
public final class Line implements Learner {
  static final int FEATURES = 4;
  private static final float[] TRUTH = {1.5f, -2, 0.5f, 3, 0.25f};

  /** What happens in the n-th computation of a gradient. */
  public interface Hook {
    /** Returns whether the model has diverged. */
    boolean beforeGradient(long call);
  }

  private final ParameterLayout layout;
  private final MemorySegment weights;
  private final MemorySegment gradient;
  private final LongSupplier nanosPerSample;
  private final Hook hook;
  private long calls;
  private volatile boolean closed;

  /**
   * A model with all weights zero.
   *
   * @param ballast weights beyond those that do something, to make its messages larger
   * @param nanosPerSample how long a gradient is to take at least
   */
  public Line(int ballast, long nanosPerSample, Hook hook) {
    this(ballast, () -> nanosPerSample, hook);
  }

  /**
   * The same on a machine that is not always as fast.
   *
   * @param nanosPerSample how long a gradient is to take at least, asked for before each
   */
  public Line(int ballast, LongSupplier nanosPerSample, Hook hook) {
    ParameterLayout.Builder builder = new ParameterLayout.Builder();
    builder.add("line", FEATURES + 1);
    if (ballast > 0) {
      builder.add("ballast", ballast);
    }
    this.layout = builder.build();
    this.weights = MemorySegment.ofArray(new float[layout.size()]);
    this.gradient = MemorySegment.ofArray(new float[layout.size()]);
    this.nanosPerSample = nanosPerSample;
    for (int i = FEATURES + 1; i < layout.size(); i++) {
      // The ballast's gradients differ in size, so that Max N has something to choose from.
      gradient.setAtIndex(ValueLayout.JAVA_FLOAT, i, 1e-3f / (1 + i % 97));
    }
    this.hook = hook;
  }

  /** Examples of the truth. */
  public static Examples examples(int count, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[][] rows = new float[count][FEATURES];
    float[] targets = new float[count];
    for (int r = 0; r < count; r++) {
      targets[r] = TRUTH[FEATURES];
      for (int f = 0; f < FEATURES; f++) {
        rows[r][f] = (float) (random.nextDouble() * 2 - 1);
        targets[r] += TRUTH[f] * rows[r][f];
      }
    }
    return new Table(rows, targets);
  }

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Table(float[][] features, float[] answers) implements Examples {
    @Override
    public int count() {
      return answers.length;
    }

    @Override
    public ExampleShape shape() {
      return new ExampleShape(List.of(FEATURES), ExampleShape.Kind.REGRESSION, 1);
    }

    @Override
    public void copy(int[] rows, int size, MemorySegment inputs, MemorySegment targets) {
      for (int i = 0; i < size; i++) {
        for (int f = 0; f < FEATURES; f++) {
          inputs.setAtIndex(ValueLayout.JAVA_FLOAT, (long) i * FEATURES + f, features[rows[i]][f]);
        }
        targets.setAtIndex(ValueLayout.JAVA_FLOAT, i, answers[rows[i]]);
      }
    }

    @Override
    public int label(int row) {
      return -1;
    }
  }

  private double error(MemorySegment inputs, MemorySegment targets, int row) {
    double sum = at(weights, FEATURES) - at(targets, row);
    for (int f = 0; f < FEATURES; f++) {
      sum += at(weights, f) * at(inputs, row * FEATURES + f);
    }
    return sum;
  }

  private static float at(MemorySegment values, int index) {
    return values.getAtIndex(ValueLayout.JAVA_FLOAT, index);
  }

  @Override
  public ParameterLayout parameters() {
    return layout;
  }

  @Override
  public ParameterLayout bufferLayout() {
    return new ParameterLayout.Builder().build();
  }

  @Override
  public MemorySegment weights() {
    return weights;
  }

  @Override
  public MemorySegment gradient() {
    return gradient;
  }

  @Override
  public MemorySegment buffers() {
    return MemorySegment.ofArray(new float[0]);
  }

  @Override
  public double gradient(Examples examples, int[] rows, int size, long seed) {
    long end = System.nanoTime() + size * nanosPerSample.getAsLong();
    if (hook.beforeGradient(calls++)) {
      return Double.NaN;
    }
    MemorySegment inputs = MemorySegment.ofArray(new float[size * FEATURES]);
    MemorySegment targets = MemorySegment.ofArray(new float[size]);
    examples.copy(rows, size, inputs, targets);
    for (int f = 0; f <= FEATURES; f++) {
      gradient.setAtIndex(ValueLayout.JAVA_FLOAT, f, 0);
    }
    double loss = 0;
    for (int r = 0; r < size; r++) {
      double error = error(inputs, targets, r);
      loss += error * error / size;
      for (int f = 0; f <= FEATURES; f++) {
        double factor = f == FEATURES ? 1 : at(inputs, r * FEATURES + f);
        gradient.setAtIndex(
            ValueLayout.JAVA_FLOAT, f, (float) (at(gradient, f) + 2 * error * factor / size));
      }
    }
    for (long left = end - System.nanoTime(); left > 0; left = end - System.nanoTime()) {
      LockSupport.parkNanos(left); // spinning workers would take the cores from each other
    }
    return loss;
  }

  @Override
  public Evaluation evaluate(Examples examples) {
    if (closed) {
      throw new IllegalStateException("used after it was closed");
    }
    int count = examples.count();
    MemorySegment inputs = MemorySegment.ofArray(new float[count * FEATURES]);
    MemorySegment targets = MemorySegment.ofArray(new float[count]);
    int[] rows = new int[count];
    for (int i = 0; i < count; i++) {
      rows[i] = i;
    }
    examples.copy(rows, count, inputs, targets);
    double loss = 0;
    for (int r = 0; r < count; r++) {
      double error = error(inputs, targets, r);
      loss += error * error / count;
    }
    return new Evaluation(count, loss, 1 - loss);
  }

  @Override
  public void close() {
    closed = true;
  }
}
