package io.dlion.data.partition;

import io.dlion.core.Phrase;
import io.dlion.core.UserError;
import io.dlion.core.learn.ExampleShape.Kind;
import io.dlion.core.learn.Examples;
import java.util.SplittableRandom;

/** The rows of each class in random order, to be taken one by one. Confined to one thread. */
final class ClassQueues {
  /** All rows, sorted by class, shuffled within each. */
  private final int[] rows;

  /** Where the next row of each class is, and one past the last. */
  private final int[] next;

  private final int[] end;

  /**
   * @param partition names who asks in the error
   * @throws UserError where the examples have no classes
   */
  ClassQueues(Partition partition, Examples examples, SplittableRandom random) {
    if (examples.shape().kind() != Kind.CLASSIFICATION) {
      throw new UserError(
          Phrase.of(
              "partition %s divides by class, but these examples have none; use iid", partition));
    }
    int classes = examples.shape().outputs();
    next = new int[classes];
    end = new int[classes];
    rows = new int[examples.count()];
    for (int row = 0; row < rows.length; row++) {
      end[examples.label(row)]++;
    }
    for (int c = 1; c < classes; c++) {
      next[c] = end[c - 1];
      end[c] += end[c - 1];
    }
    int[] fill = next.clone();
    for (int row : Shuffle.of(rows.length, random)) {
      rows[fill[examples.label(row)]++] = row;
    }
  }

  int classes() {
    return next.length;
  }

  /** Rows of a class that are still there. */
  int left(int label) {
    return end[label] - next[label];
  }

  /** Takes a row of a class that has one left. */
  int take(int label) {
    return rows[next[label]++];
  }

  /** All rows from the first class to the last. */
  int[] sorted() {
    return rows.clone();
  }
}
