package io.dlion.benchmarks;

import io.dlion.core.learn.ExampleShape;
import io.dlion.core.learn.ExampleShape.Kind;
import io.dlion.core.learn.Examples;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.SplittableRandom;

/** Random images of random classes, held as floats. */
final class LearnerImages implements Examples {
  private static final int CLASSES = 10;

  private final ExampleShape shape;
  private final int count;
  private final float[] pixels;
  private final long[] classes;

  LearnerImages(int channels, int side, int count, long seed) {
    this.shape = new ExampleShape(List.of(channels, side, side), Kind.CLASSIFICATION, CLASSES);
    this.count = count;
    SplittableRandom random = new SplittableRandom(seed);
    this.pixels = new float[Math.multiplyExact(count, shape.inputElements())];
    this.classes = new long[count];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (float) random.nextGaussian();
    }
    for (int i = 0; i < count; i++) {
      classes[i] = random.nextInt(CLASSES);
    }
  }

  @Override
  public int count() {
    return count;
  }

  @Override
  public ExampleShape shape() {
    return shape;
  }

  @Override
  public void copy(int[] rows, int size, MemorySegment inputs, MemorySegment targets) {
    int n = shape.inputElements();
    for (int i = 0; i < size; i++) {
      MemorySegment.copy(pixels, rows[i] * n, inputs, ValueLayout.JAVA_FLOAT, 4L * i * n, n);
      targets.setAtIndex(ValueLayout.JAVA_LONG, i, classes[rows[i]]);
    }
  }

  @Override
  public int label(int row) {
    return (int) classes[row];
  }
}
