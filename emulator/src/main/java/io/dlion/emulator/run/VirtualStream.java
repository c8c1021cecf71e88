package io.dlion.emulator.run;

import io.dlion.core.learn.Examples;
import io.dlion.core.learn.Score;
import io.dlion.core.node.Action;
import io.dlion.core.stream.Feed;
import io.dlion.core.stream.FeedState;
import io.dlion.core.stream.Lesson;
import io.dlion.core.stream.StreamRule;
import io.dlion.emulator.stream.WorkerSource;
import java.lang.foreign.MemorySegment;

/**
 * A worker's {@link Feed} in virtual time, in one of its lives. Records are not events of the
 * clock: whoever looks at the feed first takes in what has arrived by then, each record with the
 * time of its own arrival. What the queue has no place for waits at the source, as what arrives
 * while the worker is away does.
 *
 * <p>Confined to the emulation's thread; but the rows of the batch that was drawn last may be read
 * by the thread that computes.
 */
final class VirtualStream {
  private static final long NOT_OPEN = Long.MAX_VALUE;

  private final WorkerSource source;
  private final MarkJournal journal;
  private final Feed feed;
  private long next;
  private long nextAtNanos = NOT_OPEN;
  private boolean forgets;

  /**
   * A stream that is not open.
   *
   * @param past examples that training begins with
   * @param journal of all its lives
   */
  VirtualStream(
      StreamRule rule, WorkerSource source, MarkJournal journal, Examples past, long seed) {
    this.source = source;
    this.journal = journal;
    long words = (Feed.bytes(rule, past.shape()) + Long.BYTES - 1) / Long.BYTES;
    MemorySegment memory = MemorySegment.ofArray(new long[Math.toIntExact(words)]);
    this.feed = new Feed(rule, past, memory, seed);
  }

  // ---- arrivals

  /** Begins to take records in, where {@link Action.OpenStream} says. */
  void open(long number) {
    if (number < 0) {
      journal.clear();
    } else {
      journal.find(number).ifPresent(feed::moveTo);
    }
    seek(feed.position().offset(WorkerSource.PARTITION));
  }

  private void seek(long record) {
    next = record;
    nextAtNanos = source.arrivalNanos(record);
  }

  private void takeIn(long nowNanos) {
    while (nextAtNanos <= nowNanos && feed.accepts()) {
      feed.offer(source.record(next, nowNanos), nowNanos);
      seek(next + 1);
    }
    feed.backlog(nextAtNanos <= nowNanos ? Math.max(1, source.countBy(nowNanos) - next) : 0);
  }

  // ---- batches

  /**
   * Until when a worker waits for records before it draws, at most; now, where it need not.
   *
   * @param samples of the batch
   * @param sinceNanos since when it has waited
   */
  long restsUntilNanos(int samples, long sinceNanos, long nowNanos) {
    takeIn(nowNanos);
    boolean waits = (forgets && !feed.hasFresh()) || !feed.isWorthwhile(samples);
    return waits
        ? Math.max(nowNanos, Math.min(sinceNanos + Feed.REST_NANOS, nextAtNanos))
        : nowNanos;
  }

  /** Draws a batch; returns how many records of it are fresh, -1 where there is nothing to draw. */
  int draw(Action.Compute what, int[] rows, long nowNanos) {
    takeIn(nowNanos);
    if (forgets) {
      forgets = false;
      feed.forget();
    }
    return feed.hasExamples()
        ? feed.draw(what.samples(), what.replayShare(), what.position(), rows)
        : -1;
  }

  /** The examples that rows are of. */
  Examples examples() {
    return feed;
  }

  /** The loss of a guess, of a batch of nothing. */
  double lossOfNothing() {
    return feed.lossOfGuess();
  }

  /** What the batch was made of that was drawn last. */
  Lesson lesson(Score score, long nowNanos) {
    takeIn(nowNanos);
    return feed.lesson(score);
  }

  /** The batch that was drawn last was learned from. */
  void learned(long nowNanos) {
    takeIn(nowNanos);
    feed.learned();
  }

  // ---- what the node asks for

  /** What was learned so far travels in the message of this number. */
  void mark(long number) {
    journal.mark(number, feed.counters());
  }

  /** Drops what is kept for replay before the next batch; the one under way may be of it. */
  void forget() {
    forgets = true;
  }

  /** Where the stream stands, for a checkpoint that is about to be saved. */
  FeedState save() {
    journal.saved();
    return feed.state();
  }

  /** Goes on where a checkpoint was. */
  void restore(FeedState saved) {
    feed.restore(saved);
  }

  /** What of it outlives this life. */
  MarkJournal journal() {
    return journal;
  }
}
