package io.dlion.cluster.worker;

import io.dlion.core.learn.Examples;
import io.dlion.core.learn.Learner;
import io.dlion.core.learn.Learner.ScoredLoss;
import io.dlion.core.learn.Score;
import io.dlion.core.node.Action;
import io.dlion.core.report.Report.Severity;
import io.dlion.core.stream.Feed;
import io.dlion.core.stream.FeedState;
import io.dlion.core.stream.Incoming;
import io.dlion.core.stream.Lesson;
import io.dlion.core.stream.Position;
import io.dlion.core.stream.RecordSink;
import io.dlion.core.stream.StreamRule;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;

/**
 * A worker's {@link Feed} between three threads: the source offers records, the compute thread
 * draws batches, and the node's thread says when they were learned from. Waits end after a second,
 * so that peers never wait for a worker that has nothing to learn from.
 */
final class LiveStream implements RecordSink {
  private final StreamSpec spec;
  private final StreamRule rule;
  private final RunClock clock;
  private final BiConsumer<Severity, String> notices;
  private final Feed feed;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition room = lock.newCondition();
  private final Condition arrived = lock.newCondition();
  private boolean forgets;
  private boolean stopped;
  private boolean journalFails; // this and the next are confined to the node's thread
  private Position savedBefore = Position.START;

  LiveStream(
      StreamSpec spec,
      StreamRule rule,
      Examples past,
      long seed,
      RunClock clock,
      BiConsumer<Severity, String> notices) {
    this.spec = spec;
    this.rule = rule;
    this.clock = clock;
    this.notices = notices;
    this.feed = new Feed(rule, past, spec.memory().apply(Feed.bytes(rule, past.shape())), seed);
  }

  // ---- the source's thread

  @Override
  public void offer(Incoming record) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!feed.accepts()) {
        room.await();
      }
      feed.offer(record, clock.nowNanos());
      arrived.signal();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void rejected() {
    locked(feed::rejected);
  }

  @Override
  public void backlog(long records) {
    locked(() -> feed.backlog(records));
  }

  @Override
  public void notice(Severity severity, String text) {
    notices.accept(severity, text);
  }

  // ---- the compute thread

  /** A gradient of a batch, and what of the stream was in it. */
  record Learned(double loss, Lesson lesson) {}

  /** Waits a while for records, where a batch of so many examples is not worth it without. */
  void awaitRecords(int samples) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      await(samples);
    } finally {
      lock.unlock();
    }
  }

  /** Draws a batch and computes its gradient; of nothing at all, where there is nothing. */
  Learned learn(Learner learner, Action.Compute what, int[] rows) throws InterruptedException {
    int fresh = draw(what, rows);
    ScoredLoss found =
        fresh < 0
            ? nothing(learner)
            : learner.gradient(feed, rows, what.samples(), what.seed(), fresh);
    lock.lock();
    try {
      return new Learned(found.loss(), feed.lesson(found.score()));
    } finally {
      lock.unlock();
    }
  }

  /** Returns how many records of the batch are fresh; -1 where there is nothing to draw. */
  private int draw(Action.Compute what, int[] rows) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      if (forgets) {
        forgets = false;
        feed.forget();
      }
      return feed.draw(what.samples(), what.replayShare(), what.position(), rows);
    } finally {
      lock.unlock();
    }
  }

  private void await(int samples) throws InterruptedException {
    long left = Feed.REST_NANOS;
    while (left > 0 && !stopped && !feed.isWorthwhile(samples)) {
      left = arrived.awaitNanos(left);
    }
  }

  /** A step that changes nothing, with the loss of a guess. */
  private ScoredLoss nothing(Learner learner) {
    learner.gradient().fill((byte) 0);
    return new ScoredLoss(feed.lossOfGuess(), Score.NONE);
  }

  /** The records that were kept to evaluate with; for the compute thread alone. */
  Optional<Examples> tests() {
    return rule.testShare() > 0 ? Optional.of(feed.tests()) : Optional.empty();
  }

  // ---- the node's thread

  /** Goes on where a checkpoint was. */
  void restore(FeedState saved) {
    locked(() -> feed.restore(saved));
  }

  /** The batch drawn last was learned from. */
  void learned() {
    lock.lock();
    try {
      feed.learned();
      room.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Begins to take records in. */
  void open(long number) throws IOException {
    if (number < 0) {
      spec.journal().clear();
    } else {
      Optional<Map<String, String>> marked = spec.journal().find(number);
      marked.ifPresent(counters -> locked(() -> feed.moveTo(counters)));
    }
    spec.inflow().start(feed.position(), this);
  }

  /** What was learned so far travels in the message of this number. */
  void mark(long number) {
    try {
      Map<String, String> counters;
      lock.lock();
      try {
        counters = feed.counters();
      } finally {
        lock.unlock();
      }
      spec.journal().mark(number, counters);
      journalFails = false;
    } catch (IOException e) {
      if (!journalFails) {
        notices.accept(
            Severity.WARNING,
            "the stream's journal cannot be written, after a crash records may be learned from"
                + " twice: "
                + e.getMessage());
      }
      journalFails = true;
    }
  }

  void forget() {
    locked(() -> forgets = true);
  }

  /** Where the stream stands, for a checkpoint. */
  FeedState state() {
    lock.lock();
    try {
      return feed.state();
    } finally {
      lock.unlock();
    }
  }

  /** A checkpoint was saved. */
  void saved() throws IOException {
    spec.journal().saved();
    spec.inflow().release(savedBefore);
    savedBefore = feed.position();
  }

  /** Waits for records end. */
  void stop() {
    lock.lock();
    try {
      stopped = true;
      arrived.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Ends the source's threads. */
  void close() {
    spec.inflow().close();
  }

  private void locked(Runnable action) {
    lock.lock();
    try {
      action.run();
    } finally {
      lock.unlock();
    }
  }
}
