package io.dlion.data;

import io.dlion.core.Phrase;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * A float32 tensor under a name, as safetensors files hold them (dtype F32).
 *
 * @param name unique in its file
 * @param shape dimensions, outermost first; empty for a scalar
 * @param values its elements in row-major order, little-endian, {@code 4 · elements} bytes; not a
 *     copy
 */
public record NamedTensor(String name, List<Long> shape, MemorySegment values) {
  /** Copies the shape and checks that the values fill it. */
  public NamedTensor {
    shape = List.copyOf(shape);
    long bytes = 4;
    for (long d : shape) {
      bytes = Math.multiplyExact(bytes, d);
    }
    if (bytes != values.byteSize()) {
      throw new IllegalArgumentException(
          Phrase.of(
              "tensor %s of shape %s: expected %d bytes, found %d",
              name, shape, bytes, values.byteSize()));
    }
  }
}
