package io.dlion.data.schema;

import io.dlion.core.Phrase;
import io.dlion.core.UserError;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Which rows of a table are one example: windows of consecutive rows that do not overlap, or the
 * rows of each sequence. Neither goes from one file into the next. Immutable.
 */
public final class Grouping {
  /** Row numbers, example by example, each in the order of the file. */
  private final int[] rows;

  /** Where each example begins in {@link #rows}, and where the last one ends. */
  private final int[] from;

  private final int unused;

  private Grouping(int[] rows, int[] from, int unused) {
    this.rows = rows;
    this.from = from;
    this.unused = unused;
  }

  /**
   * Puts the rows of a table together.
   *
   * @param window rows of one example; 0: by the column that tells sequences apart
   * @throws UserError where a window has more rows than there are
   */
  static Grouping of(Table table, int window) {
    return window > 0 ? windows(table, window) : sequences(table.sequences);
  }

  private static Grouping windows(Table table, int window) {
    int[] rows = new int[table.rows()];
    int used = 0;
    int longest = 0;
    int files = Math.max(1, table.fileStarts.size());
    for (int f = 0; f < files; f++) {
      int start = f == 0 ? 0 : table.fileStarts.get(f);
      int end = f + 1 < files ? table.fileStarts.get(f + 1) : table.rows();
      longest = Math.max(longest, end - start);
      for (int row = start; row < start + (end - start) / window * window; row++) {
        rows[used++] = row;
      }
    }
    if (used == 0) {
      throw new UserError(
          Phrase.of(
              "%s: --window %,d: expected a table of at least so many rows, found %,d; take a"
                  + " smaller window",
              table.place, window, longest));
    }
    int count = used / window;
    int[] from = IntStream.rangeClosed(0, count).map(i -> i * window).toArray();
    return new Grouping(Arrays.copyOf(rows, used), from, table.rows() - used);
  }

  /** A counting sort by the number of the sequence. */
  private static Grouping sequences(int[] numbers) {
    int count = Arrays.stream(numbers).max().orElse(-1) + 1;
    int[] from = new int[count + 1];
    for (int number : numbers) {
      from[number + 1]++;
    }
    Arrays.parallelPrefix(from, Integer::sum);
    int[] next = from.clone();
    int[] rows = new int[numbers.length];
    for (int row = 0; row < numbers.length; row++) {
      rows[next[numbers[row]]++] = row;
    }
    return new Grouping(rows, from, 0);
  }

  /** Number of examples. */
  public int count() {
    return from.length - 1;
  }

  /** Rows at the ends of files that fill no window. */
  public int unusedRows() {
    return unused;
  }

  /** Number of rows of an example. */
  public int length(int example) {
    return from[example + 1] - from[example];
  }

  /** The row, counted from 0, of an example's step. */
  public int row(int example, int step) {
    return rows[from[example] + step];
  }

  /** The row that has an example's label: its last. */
  public int labelRow(int example) {
    return rows[from[example + 1] - 1];
  }

  /** Number of rows of the shortest of all examples. */
  public int shortest() {
    return IntStream.range(0, count()).map(this::length).min().orElse(0);
  }

  /** Number of rows of the longest of some examples. */
  public int longest(int[] examples) {
    return Arrays.stream(examples).map(this::length).max().orElse(0);
  }
}
