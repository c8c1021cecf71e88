package io.dlion.core.exchange;

import io.dlion.core.kernel.Blocks;
import io.dlion.core.layout.ParameterLayout;
import io.dlion.core.layout.Variable;
import io.dlion.core.wire.ValueFormat;

/**
 * What one message looks at: of each large variable every {@code step}-th stretch of blocks,
 * beginning with another one each time; of smaller variables more, of small ones everything.
 *
 * <p>A link that can carry a share s of the entries sends an entry with every 1/s-th message on
 * average, and what is not sent stays in the link's account. If an entry is looked at with every
 * p-th message only, and p is at most 1/(2·s), it waits hardly longer, while memory that has to be
 * read, which is what a selection costs, is p times less. This is a departure from HPDC '21, where
 * every message is selected from the whole gradient, and is for links with residuals alone: without
 * them what is not looked at would be lost.
 *
 * <p>Among {@value #STEP_MAX} successive messages there is one that looks at a block, however their
 * steps change: steps are powers of two.
 *
 * @param step p
 * @param turn counts the messages of a link
 */
record Window(int step, int turn) {
  static final int STEP_MAX = 32;
  private static final int NEIGHBOURS =
      4; // blocks of a stretch: memory is read faster in longer stretches
  private static final int MESSAGES_PER_LOOK = 2;

  /** Looks at everything. */
  static final Window WHOLE = new Window(1, 0);

  /** The window for a link's message of so many bytes. */
  static Window of(ParameterLayout layout, ValueFormat format, long budgetBytes, int turn) {
    double entryBytes = format.bytesPerValue() + 1; // and its place, about
    double share = budgetBytes / (entryBytes * layout.elements());
    int step = 1;
    while (step < STEP_MAX && 2 * step * MESSAGES_PER_LOOK * share <= 1) {
      step *= 2;
    }
    return new Window(step, turn);
  }

  /** Whether it shows a block of a variable. */
  boolean shows(Variable v, int block) {
    return ((block / NEIGHBOURS ^ turn) & (stepOf(v) - 1)) == 0;
  }

  /** How many elements of a variable it shows, about. */
  int shown(Variable v) {
    return v.count() / stepOf(v);
  }

  /** The step for a variable: less where that would leave less than two stretches. */
  private int stepOf(Variable v) {
    int half = v.count() / (2 * NEIGHBOURS * Blocks.BLOCK);
    return Math.max(1, Math.min(step, Integer.highestOneBit(half)));
  }
}
