package io.dlion.core.stream;

import io.dlion.core.learn.ExampleShape;
import io.dlion.core.learn.Examples;
import java.lang.foreign.MemorySegment;
import java.util.OptionalInt;

/** The newest of the records that are to evaluate with. Confined to who draws and evaluates. */
final class TestSlots implements Examples {
  private final int[] slots;
  private final Feed feed;
  private int count;
  private int oldest;

  TestSlots(int capacity, Feed feed) {
    this.slots = new int[capacity];
    this.feed = feed;
  }

  /** Takes one more; returns the slot of the oldest if that has to go. */
  OptionalInt put(int slot) {
    if (count < slots.length) {
      slots[count++] = slot;
      return OptionalInt.empty();
    }
    int free = slots[oldest];
    slots[oldest] = slot;
    oldest = (oldest + 1) % slots.length;
    return OptionalInt.of(free);
  }

  @Override
  public int count() {
    return count;
  }

  @Override
  public ExampleShape shape() {
    return feed.shape();
  }

  @Override
  public void copy(int[] rows, int size, MemorySegment inputs, MemorySegment targets) {
    int[] of = new int[size];
    for (int i = 0; i < size; i++) {
      of[i] = slots[rows[i]];
    }
    feed.copy(of, size, inputs, targets);
  }

  @Override
  public int label(int row) {
    return feed.label(slots[row]);
  }
}
