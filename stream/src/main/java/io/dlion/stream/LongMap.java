package io.dlion.stream;

/**
 * Numbers by hashes: open addressing in two arrays, 16 bytes for an entry and as many of air. Never
 * shrinks. Confined to one thread.
 */
final class LongMap {
  private long[] keys = new long[1 << 10];
  private long[] values = new long[1 << 10];
  private int size;

  /** The value of a key, or another where it has none. */
  long get(long key, long otherwise) {
    int at = slot(nonZero(key));
    return keys[at] == 0 ? otherwise : values[at];
  }

  boolean contains(long key) {
    return keys[slot(nonZero(key))] != 0;
  }

  void put(long key, long value) {
    if (size * 2 >= keys.length) {
      grow();
    }
    int at = slot(nonZero(key));
    if (keys[at] == 0) {
      keys[at] = nonZero(key);
      size++;
    }
    values[at] = value;
  }

  private void grow() {
    long[] oldKeys = keys;
    long[] oldValues = values;
    keys = new long[oldKeys.length * 2];
    values = new long[oldKeys.length * 2];
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldKeys[i] != 0) {
        int at = slot(oldKeys[i]);
        keys[at] = oldKeys[i];
        values[at] = oldValues[i];
      }
    }
  }

  /** Where a key is, or would be. */
  private int slot(long key) {
    int mask = keys.length - 1;
    int at = (int) (key ^ (key >>> 32)) & mask;
    while (keys[at] != 0 && keys[at] != key) {
      at = (at + 1) & mask;
    }
    return at;
  }

  /** 0 says that a slot is empty. */
  private static long nonZero(long key) {
    return key == 0 ? 1 : key;
  }
}
