package io.dlion.core.online;

import io.dlion.core.report.StreamFigures.Freshness;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Records that this worker has learned from, until the models of all others have, too. What was
 * computed since the last message travels in the next; messages are numbered. Not thread safe.
 */
final class Spreading {
  private static final int BATCHES_MAX = 20_000;
  private static final long NOT_SENT = Long.MAX_VALUE;

  private final Deque<Batch> batches = new ArrayDeque<>();
  private final AgeHistogram ages = new AgeHistogram();

  private static final class Batch {
    private final long[] arrivalNanos;
    private long number = NOT_SENT;

    Batch(long[] arrivalNanos) {
      this.arrivalNanos = arrivalNanos;
    }
  }

  /** A batch with these fresh records was learned from. */
  void learned(long[] arrivalNanos) {
    if (arrivalNanos.length == 0) {
      return;
    }
    batches.add(new Batch(arrivalNanos));
    if (batches.size() > BATCHES_MAX) {
      batches.remove(); // they spread to nobody
    }
  }

  /**
   * All that was learned so far is in messages up to this number.
   *
   * @return whether anything of it was in none before
   */
  boolean sent(long number) {
    boolean any = false;
    for (var newest = batches.descendingIterator(); newest.hasNext(); ) {
      Batch batch = newest.next();
      if (batch.number != NOT_SENT) {
        break;
      }
      batch.number = number;
      any = true;
    }
    return any;
  }

  /** What is in messages up to this number is in all models since then. */
  void everywhere(long number, long nowNanos) {
    while (!batches.isEmpty() && batches.element().number <= number) {
      for (long arrived : batches.remove().arrivalNanos) {
        ages.add((nowNanos - arrived) / 1e9);
      }
    }
  }

  Freshness freshness() {
    return ages.read();
  }
}
