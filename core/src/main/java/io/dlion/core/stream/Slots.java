package io.dlion.core.stream;

import io.dlion.core.learn.ExampleShape;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Places for encoded examples in one piece of memory, and what is known of the records they came
 * from. An example moves from queue to reservoir without being copied: only the number of its slot
 * does. Not thread safe, but for {@link #copy}: slots that are in use may be read while others are
 * written.
 */
final class Slots {
  private final MemorySegment memory;
  private final ExampleShape shape;
  private final long inputBytes;
  private final long targetBytes;
  private final long[] arrivalNanos;
  private final long[] hashes;
  private final int[] free;
  private int freeCount;

  /** All slots free. */
  Slots(MemorySegment memory, int count, ExampleShape shape) {
    this.memory = memory;
    this.shape = shape;
    this.inputBytes = inputBytes(shape);
    this.targetBytes = targetBytes(shape);
    this.arrivalNanos = new long[count];
    this.hashes = new long[count];
    this.free = new int[count];
    this.freeCount = count;
    for (int i = 0; i < count; i++) {
      free[i] = count - 1 - i;
    }
    if (memory.byteSize() < count * bytes(shape)) {
      throw new IllegalArgumentException(
          memory.byteSize() + " bytes for " + count + " slots of " + bytes(shape));
    }
  }

  private static long inputBytes(ExampleShape shape) {
    return (long) shape.inputElements() * shape.inputElementBytes();
  }

  private static long targetBytes(ExampleShape shape) {
    return (long) shape.targetElements() * shape.targetElementBytes();
  }

  /** Bytes of one encoded example: its input and its target. */
  static long bytes(ExampleShape shape) {
    return inputBytes(shape) + targetBytes(shape);
  }

  /** Writes an example into a free slot, and returns its number. */
  int take(MemorySegment example, long arrived, long hash) {
    if (example.byteSize() != bytes(shape)) {
      throw new IllegalArgumentException(
          "example of " + example.byteSize() + " bytes: " + bytes(shape) + " expected");
    }
    int slot = free[--freeCount];
    bytes(slot).copyFrom(example);
    arrivalNanos[slot] = arrived;
    hashes[slot] = hash;
    return slot;
  }

  /** A slot is no longer used. */
  void release(int slot) {
    free[freeCount++] = slot;
  }

  /** The bytes of a slot. */
  MemorySegment bytes(int slot) {
    return memory.asSlice(slot * bytes(shape), bytes(shape));
  }

  long arrivalNanos(int slot) {
    return arrivalNanos[slot];
  }

  long hash(int slot) {
    return hashes[slot];
  }

  /** Copies an example to place {@code at} of a batch. */
  void copy(int slot, int at, MemorySegment inputs, MemorySegment targets) {
    long from = slot * bytes(shape);
    MemorySegment.copy(memory, from, inputs, at * inputBytes, inputBytes);
    MemorySegment.copy(memory, from + inputBytes, targets, at * targetBytes, targetBytes);
  }

  /** The class of an example; -1 where there are none. */
  int label(int slot) {
    return shape.kind() == ExampleShape.Kind.CLASSIFICATION
        ? (int) memory.get(ValueLayout.JAVA_LONG_UNALIGNED, slot * bytes(shape) + inputBytes)
        : -1;
  }

  /** A value to predict; regressions only. */
  float target(int slot, int output) {
    return memory.get(
        ValueLayout.JAVA_FLOAT_UNALIGNED, slot * bytes(shape) + inputBytes + 4L * output);
  }
}
