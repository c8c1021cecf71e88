package io.dlion.engine;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.random.RandomGenerator;

/**
 * How a variable's values begin. Drawn in Java, so that equal seeds give equal bits whatever vector
 * units a worker's machine has.
 */
sealed interface Initial {
  /** Fills {@code count} floats from {@code offset}, both in floats. */
  void fill(MemorySegment segment, int offset, int count, RandomGenerator random);

  /** Uniform in [-bound, bound). */
  record Uniform(double bound) implements Initial {
    @Override
    public void fill(MemorySegment segment, int offset, int count, RandomGenerator random) {
      for (int i = offset; i < offset + count; i++) {
        float value = (float) ((2 * random.nextDouble() - 1) * bound);
        segment.setAtIndex(ValueLayout.JAVA_FLOAT, i, value);
      }
    }
  }

  /** The same value everywhere. */
  record Constant(float value) implements Initial {
    @Override
    public void fill(MemorySegment segment, int offset, int count, RandomGenerator random) {
      for (int i = offset; i < offset + count; i++) {
        segment.setAtIndex(ValueLayout.JAVA_FLOAT, i, value);
      }
    }
  }

  /**
   * PyTorch's default for linear and convolution layers, weights and biases alike: uniform with
   * bound 1/√fanIn (kaiming_uniform with a = √5).
   *
   * <p>Also before a ReLU, where √(6/fanIn) would keep the signal's variance (He et al., "Delving
   * Deep into Rectifiers", ICCV 2015, eq. 10). In one trial with {@code cipher} (Fashion-MNIST, one
   * seed, momentum 0.9, 200 steps of 32) that learned at a learning rate of 0.02 but not at 0.05,
   * where this one did.
   */
  static Initial standard(long fanIn) {
    return new Uniform(1 / Math.sqrt((double) fanIn));
  }
}
