package io.dlion.core.node;

import java.util.Arrays;
import java.util.OptionalLong;

/**
 * When each timer of a node is due. Setting a timer replaces its former time; a timer that is
 * stopped, or has expired, is not set. Confined to its node.
 */
public final class Timers {
  private static final long NOT_SET = Long.MAX_VALUE;

  private final long[] dueNanos = new long[Timer.values().length];

  /** No timer is set. */
  public Timers() {
    Arrays.fill(dueNanos, NOT_SET);
  }

  /** Sets a timer, in the place of its former time if it had one. */
  public void set(Timer timer, long atNanos) {
    dueNanos[timer.ordinal()] = atNanos;
  }

  /** Stops a timer, if it is set. */
  public void stop(Timer timer) {
    dueNanos[timer.ordinal()] = NOT_SET;
  }

  /** Stops all timers. */
  public void stopAll() {
    Arrays.fill(dueNanos, NOT_SET);
  }

  /** Whether a timer is due; one that is has expired with this call. */
  public boolean expired(Timer timer, long nowNanos) {
    boolean due = dueNanos[timer.ordinal()] <= nowNanos;
    if (due) {
      stop(timer);
    }
    return due;
  }

  /** When the next timer is due, in nanoseconds since the run began; empty if none is set. */
  public OptionalLong next() {
    long next = Arrays.stream(dueNanos).min().orElse(NOT_SET);
    return next == NOT_SET ? OptionalLong.empty() : OptionalLong.of(next);
  }
}
