package io.dlion.emulator.network;

import io.dlion.core.node.Priority;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The way from one worker to another, its waiting messages and the one being sent. At any moment it
 * serves the oldest message of the highest priority there is; one of lower priority stops where it
 * is and goes on later. What it may carry is decided by its {@link Fabric}.
 */
final class Link {
  private static final double NANOS_PER_SECOND = 1e9;

  /** What its bytes pass: the sender's, the receiver's, perhaps one of its own. */
  final Port[] ports;

  final long latencyNanos;

  /** What {@link MaxMin} found, in bytes per second, and in which of its rounds. */
  double share;

  long round;

  private final List<Deque<Message>> waiting =
      List.of(new ArrayDeque<>(), new ArrayDeque<>(), new ArrayDeque<>());
  private Goodput goodput;
  private boolean cut;
  private long leftBytes;
  private int life;

  // While it carries something:
  private @Nullable Message sending;
  private double bytesPerSecond;
  private long settledNanos;
  private long finishNanos;

  // Since goodput was last told:
  private double carriedBytes;
  private long carriedNanos;

  Link(Port[] ports, long latencyNanos, Goodput goodput) {
    this.ports = ports;
    this.latencyNanos = latencyNanos;
    this.goodput = goodput;
  }

  /** Whether it carries something and so takes its share of its ports. */
  boolean busy() {
    return sending != null;
  }

  /** When the last byte of what it sends will have left at the present rate. */
  long finishNanos() {
    return finishNanos;
  }

  /** Counts up when everything on the link is lost. */
  int life() {
    return life;
  }

  boolean idle(Priority priority) {
    return waiting.get(priority.ordinal()).isEmpty();
  }

  int queued() {
    int count = 0;
    for (Deque<Message> queue : waiting) {
      count += queue.size();
    }
    return count;
  }

  void add(Message message, Priority priority) {
    waiting.get(priority.ordinal()).add(message);
  }

  /** Begins to carry what waits, without a rate so far; false where nothing waits or it is cut. */
  boolean start(long nowNanos) {
    Message first = cut ? null : first();
    sending = first;
    bytesPerSecond = 0;
    settledNanos = nowNanos;
    finishNanos = Long.MAX_VALUE;
    return first != null;
  }

  /** Turns to a message of higher priority, if there is one now and the present one is not out. */
  void preempt(long nowNanos) {
    Message first = first();
    if (first != null && first != sending && finishNanos > nowNanos) {
      settle(nowNanos);
      sending = first;
      reckon();
    }
  }

  /** Goes on at its share. */
  void takeShare(long nowNanos) {
    if (share != bytesPerSecond) {
      settle(nowNanos);
      bytesPerSecond = share;
      if (finishNanos > nowNanos) {
        reckon();
      }
    }
  }

  /** The message whose last byte leaves now; the link goes on with the next, if one waits. */
  Message finish(long nowNanos) {
    Message done = Objects.requireNonNull(sending);
    settle(nowNanos);
    carriedBytes += done.remaining;
    done.remaining = 0;
    leftBytes += done.bytes;
    goodput.carried(carriedBytes, carriedNanos);
    carriedBytes = 0;
    carriedNanos = 0;
    for (Deque<Message> queue : waiting) {
      if (queue.peek() == done) {
        queue.remove();
        break;
      }
    }
    sending = first();
    if (sending != null) {
      reckon();
    }
    return done;
  }

  /** Stops carrying; what is left of the message waits. */
  void stop(long nowNanos) {
    settle(nowNanos);
    sending = null;
  }

  void cut(boolean isCut) {
    cut = isCut;
  }

  /** Loses everything that is on it or waits; what has left has left. */
  void drop(Goodput fresh) {
    leftBytes += (long) partlyLeftBytes();
    waiting.forEach(Deque::clear);
    goodput = fresh;
    carriedBytes = 0;
    carriedNanos = 0;
    life++;
  }

  long leftBytes(long nowNanos) {
    return leftBytes + (long) (partlyLeftBytes() + unsettledBytes(nowNanos));
  }

  double goodput(long nowNanos) {
    return goodput.after(
        carriedBytes + unsettledBytes(nowNanos),
        carriedNanos + (sending == null ? 0 : nowNanos - settledNanos));
  }

  private @Nullable Message first() {
    for (Deque<Message> queue : waiting) {
      Message message = queue.peek();
      if (message != null) {
        return message;
      }
    }
    return null;
  }

  /** Accounts for what has left since it was last done. */
  private void settle(long nowNanos) {
    if (sending != null) {
      double moved = unsettledBytes(nowNanos);
      sending.remaining -= moved;
      carriedBytes += moved;
      carriedNanos += nowNanos - settledNanos;
    }
    settledNanos = nowNanos;
  }

  private double unsettledBytes(long nowNanos) {
    return sending == null
        ? 0
        : Math.min(
            sending.remaining, bytesPerSecond * ((nowNanos - settledNanos) / NANOS_PER_SECOND));
  }

  private double partlyLeftBytes() {
    double bytes = 0;
    for (Deque<Message> queue : waiting) {
      Message head = queue.peek();
      bytes += head == null ? 0 : head.bytes - head.remaining;
    }
    return bytes;
  }

  /** To the nearest nanosecond; the clock has no finer one. */
  private void reckon() {
    if (sending == null || bytesPerSecond == 0) {
      finishNanos = Long.MAX_VALUE;
    } else {
      finishNanos =
          settledNanos + Math.round(sending.remaining / bytesPerSecond * NANOS_PER_SECOND);
    }
  }
}
