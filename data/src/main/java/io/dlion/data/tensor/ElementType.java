package io.dlion.data.tensor;

import java.util.Arrays;
import java.util.Optional;

/** The types of a safetensors file's elements (dtype) that can be written and read. */
public enum ElementType {
  F64(8),
  I64(8),
  F32(4),
  I32(4),
  F16(2),
  BF16(2),
  I16(2),
  I8(1),
  U8(1),
  BOOL(1);

  private final int bytes;

  ElementType(int bytes) {
    this.bytes = bytes;
  }

  /** Bytes of one element. */
  public int bytes() {
    return bytes;
  }

  static Optional<ElementType> find(String name) {
    return Arrays.stream(values()).filter(type -> type.name().equals(name)).findFirst();
  }
}
