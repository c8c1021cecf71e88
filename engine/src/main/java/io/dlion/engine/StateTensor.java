package io.dlion.engine;

import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * A tensor of a model's {@code state_dict}.
 *
 * @param name the path to it, {@code layer.weight}
 * @param type of its elements, as safetensors calls it: {@code F32}, {@code I64}, {@code BOOL}
 * @param shape dimensions, outermost first; empty for a scalar
 * @param values its elements in row-major order, in native byte order
 */
public record StateTensor(String name, String type, List<Long> shape, MemorySegment values) {
  /** Copies the shape. */
  public StateTensor {
    shape = List.copyOf(shape);
  }
}
