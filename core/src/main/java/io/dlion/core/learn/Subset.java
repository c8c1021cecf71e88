package io.dlion.core.learn;

import java.lang.foreign.MemorySegment;
import java.util.Objects;

/** Some of the examples of another set, without a copy of them. Immutable, thread safe. */
public final class Subset implements Examples {
  private final Examples all;
  private final int[] rows;

  /**
   * Some of the examples.
   *
   * @param rows which rows of {@code all}, in the order this set has them
   * @throws IndexOutOfBoundsException where a row is not in {@code all}
   */
  public Subset(Examples all, int[] rows) {
    this.all = all instanceof Subset inner ? inner.all : all;
    this.rows = new int[rows.length];
    for (int i = 0; i < rows.length; i++) {
      int row = Objects.checkIndex(rows[i], all.count());
      this.rows[i] = all instanceof Subset inner ? inner.rows[row] : row;
    }
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
  public void copy(int[] batch, int size, MemorySegment inputs, MemorySegment targets) {
    int[] mapped = new int[size];
    for (int i = 0; i < size; i++) {
      mapped[i] = rows[batch[i]];
    }
    all.copy(mapped, size, inputs, targets);
  }

  @Override
  public int label(int row) {
    return all.label(rows[row]);
  }
}
