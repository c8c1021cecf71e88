package io.dlion.cluster.worker;

import io.dlion.core.node.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * The events that wait for a node. Safe for several threads, of which one takes; whoever brings
 * more than there is room for has to wait.
 */
final class Mailbox {
  private static final int EVENTS_MAX = 4096;

  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>(EVENTS_MAX);
  private final AtomicBoolean ended = new AtomicBoolean(); // nothing is posted any more
  private final Consumer<Event> tooLate;

  /**
   * An empty mailbox.
   *
   * @param tooLate gets the events that nobody takes any more
   */
  Mailbox(Consumer<Event> tooLate) {
    this.tooLate = tooLate;
  }

  /** The first event; there is room for it. */
  void begin(Event first) {
    events.add(first);
  }

  /** Brings an event to the node; waits while the mailbox is full. */
  void post(Event event) {
    try {
      if (ended.get()) {
        tooLate.accept(event);
      } else {
        events.put(event);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The next event; waits until there is one. */
  Event take() throws InterruptedException {
    return events.take();
  }

  /** The next event; waits for at most so long, and not at all if that is not above 0. */
  Optional<Event> poll(long nanos) throws InterruptedException {
    return nanos <= 0
        ? Optional.empty()
        : Optional.ofNullable(events.poll(nanos, TimeUnit.NANOSECONDS));
  }

  /** Whether the node has ended. */
  boolean hasEnded() {
    return ended.get();
  }

  /** The node has ended; true for the first who says so, who then has to call {@link #empty}. */
  boolean end() {
    return ended.compareAndSet(false, true);
  }

  /** Whoever waited for room goes on. */
  void empty() {
    List<Event> unheard = new ArrayList<>();
    events.drainTo(unheard);
    unheard.forEach(tooLate);
  }
}
