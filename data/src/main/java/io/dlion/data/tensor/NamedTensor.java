package io.dlion.data.tensor;

import io.dlion.core.Phrase;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * A tensor under a name, as safetensors files hold them.
 *
 * @param name unique in its file
 * @param type of its elements
 * @param shape dimensions, outermost first; empty for a scalar
 * @param values its elements in row-major order, little-endian; not a copy
 */
public record NamedTensor(String name, ElementType type, List<Long> shape, MemorySegment values) {
  /** Copies the shape and checks that the values fill it. */
  public NamedTensor {
    shape = List.copyOf(shape);
    long bytes = type.bytes();
    for (long d : shape) {
      bytes = Math.multiplyExact(bytes, d);
    }
    if (bytes != values.byteSize()) {
      throw new IllegalArgumentException(
          Phrase.of(
              "tensor %s of shape %s and type %s: expected %d bytes, found %d",
              name, shape, type, bytes, values.byteSize()));
    }
  }

  /** A float32 tensor. */
  public NamedTensor(String name, List<Long> shape, MemorySegment values) {
    this(name, ElementType.F32, shape, values);
  }
}
