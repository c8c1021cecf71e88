package io.dlion.engine;

import io.dlion.core.learn.ExampleShape;
import io.dlion.core.learn.ExampleShape.Kind;
import io.dlion.core.learn.Examples;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;

/**
 * Examples that a model can learn: the input's first elements tell the class, the targets, or the
 * next symbol. Stored as {@link Examples#copy} delivers them.
 */
final class RandomExamples implements Examples {
  private final ExampleShape shape;
  private final int count;
  private final float[] inputs;
  private final long[] symbols;
  private final long[] classes;
  private final float[] values;

  RandomExamples(ExampleShape shape, int count, long seed) {
    this.shape = shape;
    this.count = count;
    SplittableRandom random = new SplittableRandom(seed);
    int in = shape.inputElements();
    int out = shape.targetElements();
    inputs = new float[count * in];
    symbols = new long[count * in];
    classes = new long[count * out];
    values = new float[count * out];
    for (int i = 0; i < count * in; i++) {
      inputs[i] = (float) random.nextGaussian();
      symbols[i] = random.nextInt(shape.outputs());
    }
    for (int i = 0; i < count * out; i++) {
      int row = i / out;
      int first = row * in + i % out % in;
      values[i] = 3 + 2 * inputs[first];
      classes[i] =
          shape.kind() == Kind.NEXT_SYMBOL
              ? (symbols[first] + 1) % shape.outputs()
              : Math.floorMod((int) Math.floor(2 * inputs[first]), shape.outputs());
    }
  }

  /** All rows in order. */
  int[] rows() {
    int[] rows = new int[count];
    for (int i = 0; i < count; i++) {
      rows[i] = i;
    }
    return rows;
  }

  /** Only one of the examples. */
  Examples only(int row) {
    return new Examples() {
      @Override
      public int count() {
        return 1;
      }

      @Override
      public ExampleShape shape() {
        return shape;
      }

      @Override
      public void copy(int[] rows, int size, MemorySegment in, MemorySegment out) {
        RandomExamples.this.copy(new int[] {row}, 1, in, out);
      }

      @Override
      public int label(int ignored) {
        return RandomExamples.this.label(row);
      }
    };
  }

  /** An input as the library expects it: channels first. */
  float[] channelsFirst(int row) {
    int n = shape.inputElements();
    float[] result = new float[n];
    int channels = shape.isImage() ? shape.input().get(0) : 1;
    int pixels = n / channels;
    for (int p = 0; p < pixels; p++) {
      for (int c = 0; c < channels; c++) {
        result[c * pixels + p] = inputs[row * n + p * channels + c];
      }
    }
    return result;
  }

  /** An input of symbols. */
  long symbol(int row, int position) {
    return symbols[row * shape.inputElements() + position];
  }

  /** A real target. */
  float value(int row, int index) {
    return values[row * shape.targetElements() + index];
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
  public void copy(int[] rows, int size, MemorySegment in, MemorySegment out) {
    int ni = shape.inputElements();
    int no = shape.targetElements();
    for (int i = 0; i < size; i++) {
      if (shape.kind() == Kind.NEXT_SYMBOL) {
        long at = 8L * i * ni;
        MemorySegment.copy(symbols, rows[i] * ni, in, ValueLayout.JAVA_LONG, at, ni);
      } else {
        long at = 4L * i * ni;
        MemorySegment.copy(inputs, rows[i] * ni, in, ValueLayout.JAVA_FLOAT, at, ni);
      }
      if (shape.kind() == Kind.REGRESSION) {
        long at = 4L * i * no;
        MemorySegment.copy(values, rows[i] * no, out, ValueLayout.JAVA_FLOAT, at, no);
      } else {
        long at = 8L * i * no;
        MemorySegment.copy(classes, rows[i] * no, out, ValueLayout.JAVA_LONG, at, no);
      }
    }
  }

  @Override
  public int label(int row) {
    return shape.kind() == Kind.CLASSIFICATION ? (int) classes[row] : -1;
  }
}
