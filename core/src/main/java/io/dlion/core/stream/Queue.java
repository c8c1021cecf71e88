package io.dlion.core.stream;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Records that wait, in the order in which they came. Bounded. Not thread safe. */
final class Queue {
  private final int[] slots;
  private final @Nullable String[] partitions;
  private final long[] nextOffsets;
  private final boolean[] tests;
  private int head;
  private int count;

  Queue(int capacity) {
    slots = new int[capacity];
    partitions = new String[capacity];
    nextOffsets = new long[capacity];
    tests = new boolean[capacity];
  }

  /**
   * A record that waited.
   *
   * @param slot where its example is
   * @param nextOffset of the record behind it in its partition
   * @param test whether it is to evaluate with
   */
  record Waiting(int slot, String partition, long nextOffset, boolean test) {}

  int count() {
    return count;
  }

  boolean isFull() {
    return count == slots.length;
  }

  int capacity() {
    return slots.length;
  }

  void add(Waiting record) {
    int at = (head + count++) % slots.length;
    slots[at] = record.slot;
    partitions[at] = record.partition;
    nextOffsets[at] = record.nextOffset;
    tests[at] = record.test;
  }

  /** Takes the one that has waited longest. */
  Waiting remove() {
    Waiting first = at(head);
    head = (head + 1) % slots.length;
    count--;
    return first;
  }

  /** Takes one out of the middle: number {@code index} of those that wait. */
  Waiting remove(int index) {
    Waiting removed = at((head + index) % slots.length);
    for (int i = index; i > 0; i--) {
      int to = (head + i) % slots.length;
      int from = (head + i - 1) % slots.length;
      slots[to] = slots[from];
      partitions[to] = partitions[from];
      nextOffsets[to] = nextOffsets[from];
      tests[to] = tests[from];
    }
    head = (head + 1) % slots.length;
    count--;
    return removed;
  }

  private Waiting at(int i) {
    return new Waiting(slots[i], Objects.requireNonNull(partitions[i]), nextOffsets[i], tests[i]);
  }
}
