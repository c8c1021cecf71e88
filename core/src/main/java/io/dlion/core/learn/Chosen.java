package io.dlion.core.learn;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/** A few examples of others, by their rows. */
public final class Chosen implements Examples {
  private final Examples all;
  private final int[] rows;

  /** The first {@code size} of {@code rows}. */
  public Chosen(Examples all, int[] rows, int size) {
    this.all = all;
    this.rows = Arrays.copyOf(rows, size);
  }

  @Override
  public int count() {
    return rows.length;
  }

  @Override
  public ExampleShape shape() {
    return all.shape();
  }

  @Override
  public void copy(int[] chosen, int size, MemorySegment inputs, MemorySegment targets) {
    int[] of = new int[size];
    for (int i = 0; i < size; i++) {
      of[i] = rows[chosen[i]];
    }
    all.copy(of, size, inputs, targets);
  }

  @Override
  public int label(int row) {
    return all.label(rows[row]);
  }
}
