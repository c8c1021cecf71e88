package io.dlion.core.layout;

import java.util.Arrays;
import java.util.List;

/**
 * One named tensor inside a flat float32 buffer.
 *
 * @param name as the model calls it, for example {@code conv1.weight}
 * @param shape its dimensions, outermost first; empty for a scalar
 * @param offset index of its first element in the flat buffer, in floats
 * @param count number of elements, the product of the shape
 */
public record Variable(String name, List<Long> shape, int offset, int count) {
  /** Copies the shape and checks that it has {@code count} elements. */
  public Variable {
    shape = List.copyOf(shape);
    long product = shape.stream().reduce(1L, Math::multiplyExact);
    if (product != count || count < 1 || offset < 0) {
      throw new IllegalArgumentException(
          "variable " + name + " of shape " + shape + ": count " + count + ", offset " + offset);
    }
  }

  /** One past its last element in the flat buffer, in floats. */
  public int end() {
    return offset + count;
  }

  /** The shape as an array, for tensor libraries. */
  public long[] dimensions() {
    return shape.stream().mapToLong(Long::longValue).toArray();
  }

  @Override
  public String toString() {
    return name + Arrays.toString(dimensions());
  }
}
