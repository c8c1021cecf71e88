package io.dlion.cluster.worker;

import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Runs short tasks at times of the run's clock. Safe for several threads. */
public final class Timers implements AutoCloseable {
  private final RunClock clock;
  private final ScheduledExecutorService executor =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("dlion-timers").daemon().factory());

  /** Timers by this clock. */
  public Timers(RunClock clock) {
    this.clock = clock;
  }

  /** What the clock shows, in nanoseconds. */
  public long nowNanos() {
    return clock.nowNanos();
  }

  /** Runs the task on the timers' thread when the clock shows that time; it must not wait. */
  void at(long nanos, Runnable task) {
    try {
      var _ = executor.schedule(task, Math.max(0, nanos - clock.nowNanos()), TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      // Closed: there is nobody left to wake.
    }
  }

  @Override
  public void close() {
    executor.shutdownNow();
    executor.close();
  }
}
