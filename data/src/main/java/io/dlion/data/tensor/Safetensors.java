package io.dlion.data.tensor;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import io.dlion.core.Phrase;
import io.dlion.core.UserError;
import io.dlion.core.layout.ParameterLayout;
import io.dlion.core.layout.Variable;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Files of named tensors in the safetensors format (github.com/huggingface/safetensors): eight
 * bytes little-endian length of a JSON header, the header, the tensors' bytes.
 *
 * @param tensors in the order of their places in the file
 * @param metadata free texts from the header; possibly empty
 */
public record Safetensors(List<NamedTensor> tensors, Map<String, String> metadata) {
  /** Copies both. */
  public Safetensors {
    tensors = List.copyOf(tensors);
    metadata = Map.copyOf(metadata);
  }

  /**
   * Writes a file whole or not at all: into a temporary file next to it, forced to the disk, then
   * renamed over what was there. The temporary file is removed upon failure; killed half-way, it
   * stays as {@code NAME.tmp} and the next write replaces it. The tensors are not copied as a
   * whole.
   *
   * @throws IOException where the disk is full, read-only or failing
   */
  public static void write(Path file, List<NamedTensor> tensors, Map<String, String> metadata)
      throws IOException {
    SafetensorsWriter.write(file, tensors, metadata);
  }

  /**
   * Reads a file into native memory that lives as long as the result is reachable.
   *
   * @throws UserError where there is no such file, or it is not whole
   * @throws IOException where the disk fails
   */
  public static Safetensors read(Path file) throws IOException {
    return SafetensorsReader.read(file);
  }

  /** The variables of a flat buffer as tensors; views, not copies. */
  public static List<NamedTensor> tensors(ParameterLayout layout, MemorySegment values) {
    return layout.variables().stream()
        .map(v -> new NamedTensor(v.name(), v.shape(), slice(values, v)))
        .toList();
  }

  /**
   * Copies the variables of a layout into a flat buffer; tensors the layout does not know are left
   * alone, so that weights and buffers can share a file. A count that the file does not know stays
   * as it is: older versions wrote none.
   *
   * @param file for the error
   * @throws UserError where a variable is missing or of another shape: the file is of another model
   */
  public void copyTo(ParameterLayout layout, MemorySegment values, Path file) {
    Map<String, NamedTensor> byName = new LinkedHashMap<>();
    tensors.forEach(t -> byName.put(t.name(), t));
    for (Variable v : layout.variables()) {
      NamedTensor t = byName.get(v.name());
      boolean fits = t == null ? layout.isCount(v) : t.shape().equals(v.shape());
      if (!fits) {
        throw new UserError(
            Phrase.of(
                "%s: expected variable %s, found %s; the file is of another model",
                file, v, t == null ? "none of that name" : "shape " + t.shape()));
      }
    }
    for (Variable v : layout.variables()) {
      NamedTensor t = byName.get(v.name());
      if (t != null) {
        copy(t, slice(values, v));
      }
    }
  }

  /** Copies a tensor's elements as float32. */
  private static void copy(NamedTensor from, MemorySegment to) {
    if (from.type() == ElementType.F32) {
      to.copyFrom(from.values());
      return;
    }
    for (long i = 0; i < to.byteSize() / 4; i++) {
      to.setAtIndex(JAVA_FLOAT_UNALIGNED, i, element(from, i));
    }
  }

  private static float element(NamedTensor from, long i) {
    MemorySegment values = from.values();
    return switch (from.type()) {
      case F64 -> (float) values.getAtIndex(JAVA_DOUBLE_UNALIGNED, i);
      case F32 -> values.getAtIndex(JAVA_FLOAT_UNALIGNED, i);
      case I64 -> values.getAtIndex(JAVA_LONG_UNALIGNED, i);
      case I32 -> values.getAtIndex(JAVA_INT_UNALIGNED, i);
      case I16 -> values.getAtIndex(JAVA_SHORT_UNALIGNED, i);
      case I8 -> values.get(JAVA_BYTE, i);
      case U8, BOOL -> values.get(JAVA_BYTE, i) & 0xff;
      case F16 -> Float.float16ToFloat(values.getAtIndex(JAVA_SHORT_UNALIGNED, i));
      case BF16 -> Float.intBitsToFloat(values.getAtIndex(JAVA_SHORT_UNALIGNED, i) << Short.SIZE);
    };
  }

  private static MemorySegment slice(MemorySegment values, Variable v) {
    return values.asSlice(4L * v.offset(), 4L * v.count());
  }
}
