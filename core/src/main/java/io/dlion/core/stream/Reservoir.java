package io.dlion.core.stream;

import io.dlion.core.learn.Seeds;

/**
 * A sample of everything that was offered so far, of bounded size. Plain: each record offered is in
 * it with the same probability (Vitter, ACM TOMS 11, 1985, algorithm R). Balanced: each class has
 * the same place in it, whatever its share of the records (Chrysakis and Moens, ICML 2020,
 * algorithm 1). Holds numbers of slots, not examples. What it draws depends on the seed and on how
 * much was offered alone. Not thread safe.
 */
final class Reservoir {
  private final int capacity;
  private final boolean balanced;
  private final long seed;
  private final int[] slots;
  private final int[] labels;
  private final int[] perClass;
  private final long[] offeredPerClass;
  private int count;
  private long offered;

  /**
   * An empty one.
   *
   * @param classes number of classes; 0 where examples have none, and then it is never balanced
   */
  Reservoir(int capacity, boolean balanced, int classes, long seed) {
    this.capacity = capacity;
    this.balanced = balanced && classes > 0;
    this.seed = seed;
    this.slots = new int[capacity];
    this.labels = new int[capacity];
    this.perClass = new int[Math.max(1, classes)];
    this.offeredPerClass = new long[Math.max(1, classes)];
  }

  /** Examples in it. */
  int count() {
    return count;
  }

  /** Examples offered so far. */
  long offered() {
    return offered;
  }

  /** The slot of an example in it. */
  int slot(int index) {
    return slots[index];
  }

  /**
   * Offers an example.
   *
   * @param label its class; anything where examples have none
   * @return the slot that is free now: that of an example it replaces, or its own; -1 if none is
   */
  int offer(int slot, int label) {
    int of = balanced ? label : 0;
    offered++;
    offeredPerClass[of]++;
    if (count < capacity) {
      put(count++, slot, of);
      return -1;
    }
    int at = balanced ? balancedPlace(of) : place(offered, capacity);
    if (at < 0) {
      return slot;
    }
    int free = slots[at];
    perClass[labels[at]]--;
    put(at, slot, of);
    return free;
  }

  private void put(int at, int slot, int label) {
    slots[at] = slot;
    labels[at] = label;
    perClass[label]++;
  }

  /** Where the newest of {@code seen} goes if {@code kept} of them are kept; -1 for nowhere. */
  private int place(long seen, int kept) {
    long drawn = Math.floorMod(Seeds.derive(seed, offered), seen);
    return drawn < kept ? (int) drawn : -1;
  }

  private int balancedPlace(int label) {
    int largest = label;
    for (int c = 0; c < perClass.length; c++) {
      largest = perClass[c] > perClass[largest] ? c : largest;
    }
    if (largest != label) {
      int drawn = (int) Math.floorMod(Seeds.derive(seed, offered), (long) perClass[largest]);
      return nth(largest, drawn);
    }
    int drawn = place(offeredPerClass[label], perClass[label]);
    return drawn < 0 ? -1 : nth(label, drawn);
  }

  private int nth(int label, int n) {
    int left = n;
    for (int i = 0; i < count; i++) {
      if (labels[i] == label && left-- == 0) {
        return i;
      }
    }
    throw new IllegalStateException("class " + label + " has no example " + n);
  }

  /** Drops everything, and all memory of what was offered. */
  void clear() {
    count = 0;
    offered = 0;
    java.util.Arrays.fill(perClass, 0);
    java.util.Arrays.fill(offeredPerClass, 0);
  }

  /** What was offered counts as so much, after what it holds was offered again. */
  void restoreOffered(long total) {
    long more = Math.max(0, total - offered);
    offered += more;
    long kept = Math.max(1, count);
    for (int c = 0; c < perClass.length; c++) {
      offeredPerClass[c] += more * perClass[c] / kept;
    }
  }
}
