package io.dlion.emulator.time;

import java.util.PriorityQueue;

/**
 * A clock that jumps from one thing to do to the next. Things due at the same nanosecond happen in
 * the order in which they were scheduled, so that a run is the same every time. Confined to one
 * thread.
 */
public final class VirtualTime {
  private final PriorityQueue<Appointment> queue = new PriorityQueue<>(VirtualTime::inOrder);
  private long nowNanos;
  private long scheduled;

  /** Something to be done, unless it is cancelled first. */
  public static final class Appointment {
    private final long atNanos;
    private final long number;
    private final Runnable what;
    private boolean cancelled;

    private Appointment(long atNanos, long number, Runnable what) {
      this.atNanos = atNanos;
      this.number = number;
      this.what = what;
    }

    /** It will not happen; no effect once it has. */
    public void cancel() {
      cancelled = true;
    }

    /** When it is due, in nanoseconds since the run began. */
    public long atNanos() {
      return atNanos;
    }
  }

  private static int inOrder(Appointment a, Appointment b) {
    int byTime = Long.compare(a.atNanos, b.atNanos);
    return byTime != 0 ? byTime : Long.compare(a.number, b.number);
  }

  /** Nanoseconds since the run began. */
  public long nowNanos() {
    return nowNanos;
  }

  /** Schedules something; a time that is over means now, after everything else due now. */
  public Appointment at(long atNanos, Runnable what) {
    Appointment appointment = new Appointment(Math.max(nowNanos, atNanos), scheduled++, what);
    queue.add(appointment);
    return appointment;
  }

  /** Schedules something for so many nanoseconds from now. */
  public Appointment after(long nanos, Runnable what) {
    return at(nanos > Long.MAX_VALUE - nowNanos ? Long.MAX_VALUE : nowNanos + nanos, what);
  }

  /**
   * Does the next thing, if there is one until a time.
   *
   * @return false if there is none; the clock then stays where it is
   */
  public boolean step(long untilNanos) {
    while (!queue.isEmpty() && queue.element().atNanos <= untilNanos) {
      Appointment next = queue.remove();
      if (!next.cancelled) {
        nowNanos = next.atNanos;
        next.what.run();
        return true;
      }
    }
    return false;
  }

  /** How many things are waiting, cancelled ones included. */
  public int pending() {
    return queue.size();
  }
}
