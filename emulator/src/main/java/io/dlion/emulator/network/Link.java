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
 * is and goes on later. Its rate is the least that its ports allow.
 */
final class Link {
  private static final double NANOS_PER_SECOND = 1e9;

  /** No run takes so long (thirty years). */
  private static final double NANOS_MAX = 1e18;

  private Route route;
  private final List<Deque<Message>> waiting =
      List.of(new ArrayDeque<>(), new ArrayDeque<>(), new ArrayDeque<>());
  private Goodput goodput;

  /** What has left and not arrived, in this order; kept only while relays may lose it. */
  private final Deque<Message> inFlight = new ArrayDeque<>();

  /** When the last of what has left arrives. */
  private long lastArrivalNanos;

  private boolean cut;
  private long leftBytes;
  private int life;

  // Of the message being sent; settled means as it was at that time.
  private @Nullable Message sending;
  private double bytesPerSecond;
  private double remaining;
  private long settledNanos;
  private long finishNanos;

  /** When it turned to the message, and what remained of it then. */
  private long turnedNanos;

  private double remainingThen;

  Link(Route route, Goodput goodput) {
    this.route = route;
    this.goodput = goodput;
  }

  Route route() {
    return route;
  }

  /** Whether it passes other members. */
  boolean isRelayed() {
    return route.isRelayed();
  }

  /** Whether messages come into it by a port. */
  boolean isFrom(Port port) {
    return route.sender() == port;
  }

  /** When what leaves now arrives: after a change of route too, nothing overtakes anything. */
  long arrivalNanos(long nowNanos) {
    lastArrivalNanos = Math.max(lastArrivalNanos, nowNanos + route.latencyNanos());
    return lastArrivalNanos;
  }

  /** A message that had left has arrived. */
  void arrived(Message message) {
    inFlight.remove(message);
  }

  /** Goes another way from now on; it carries nothing just now. */
  void reroute(Route other, Goodput fresh) {
    route = other;
    goodput = fresh;
  }

  /** A relay is gone, and with it what was between the ends: that is sent again, first of all. */
  void loseInFlight() {
    while (!inFlight.isEmpty()) {
      Message message = inFlight.removeLast();
      message.losses++;
      message.remaining = message.bytes;
      waiting.get(message.priority.ordinal()).addFirst(message);
    }
  }

  /** Whether it carries something. */
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

  void add(Message message) {
    waiting.get(message.priority.ordinal()).add(message);
  }

  /** Begins to carry what waits, without a rate so far; false where nothing waits or it is cut. */
  boolean start(long nowNanos) {
    Message first = cut ? null : first();
    if (first == null) {
      return false;
    }
    bytesPerSecond = 0;
    turnTo(first, nowNanos);
    route.enter(this);
    return true;
  }

  /** Stops carrying; what is left of the message waits. */
  void stop(long nowNanos) {
    turnAway(nowNanos);
    sending = null;
    route.leave(this);
  }

  /** Turns to a message of higher priority, if there is one now and the present one is not out. */
  void preempt(long nowNanos) {
    Message first = first();
    if (first != null && first != sending && finishNanos > nowNanos) {
      turnAway(nowNanos);
      turnTo(first, nowNanos);
    }
  }

  /** The bytes per second that its ports allow as {@link MaxMin} left them. */
  double share() {
    return route.share();
  }

  /** Goes on at its share. */
  void takeShare(long nowNanos) {
    double rate = share();
    if (rate != bytesPerSecond) {
      remaining = remainingAt(nowNanos);
      settledNanos = nowNanos;
      bytesPerSecond = rate;
      if (finishNanos > nowNanos) {
        reckon();
      }
    }
    route.sender().expect(finishNanos);
  }

  /** The message whose last byte leaves now; the link goes on with the next, or stops. */
  Message finish(long nowNanos) {
    Message done = Objects.requireNonNull(sending);
    remaining = 0;
    settledNanos = nowNanos;
    leftBytes += done.bytes;
    for (Deque<Message> queue : waiting) {
      if (queue.peek() == done) {
        queue.remove();
        break;
      }
    }
    if (isRelayed()) {
      inFlight.add(done);
    }
    Message next = first();
    if (next == null) {
      stop(nowNanos);
    } else {
      turnAway(nowNanos);
      turnTo(next, nowNanos);
    }
    return done;
  }

  void cut(boolean isCut) {
    cut = isCut;
  }

  /** Loses everything that waits; what has left has left. */
  void drop(Goodput fresh, long nowNanos) {
    leftBytes = leftBytes(nowNanos);
    waiting.forEach(Deque::clear);
    inFlight.clear();
    goodput = fresh;
    life++;
  }

  long leftBytes(long nowNanos) {
    double partly = 0;
    for (Deque<Message> queue : waiting) {
      for (Message message : queue) { // the first, or behind what is sent again
        partly += message.bytes - (message == sending ? remainingAt(nowNanos) : message.remaining);
      }
    }
    return leftBytes + Math.round(partly);
  }

  double goodput(long nowNanos) {
    return sending == null
        ? goodput.bytesPerSecond()
        : goodput.after(remainingThen - remainingAt(nowNanos), nowNanos - turnedNanos);
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

  private void turnTo(Message message, long nowNanos) {
    sending = message;
    remaining = message.remaining;
    settledNanos = nowNanos;
    remainingThen = remaining;
    turnedNanos = nowNanos;
    reckon();
  }

  private void turnAway(long nowNanos) {
    Message message = Objects.requireNonNull(sending);
    message.remaining = remainingAt(nowNanos);
    goodput.carried(remainingThen - message.remaining, nowNanos - turnedNanos);
  }

  private double remainingAt(long nowNanos) {
    double moved = bytesPerSecond * ((nowNanos - settledNanos) / NANOS_PER_SECOND);
    return Math.max(0, remaining - moved);
  }

  /** To the nearest nanosecond; the clock has no finer one. */
  private void reckon() {
    double nanos = remaining / bytesPerSecond * NANOS_PER_SECOND;
    // Not so at a rate of 0.
    finishNanos = nanos < NANOS_MAX ? settledNanos + (long) (nanos + 0.5) : Long.MAX_VALUE;
    route.sender().expect(finishNanos);
  }
}
