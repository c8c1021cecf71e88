package io.dlion.cluster.cap;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/**
 * Lets through one direction of a worker's traffic at the rate that holds at present, in {@link
 * Turns}. While something waits a thread lets it pass; it ends when nothing does. Safe for several
 * threads.
 */
final class Gate {
  private final DoubleSupplier bytesPerSecond;
  private final LongSupplier nanoTime;
  private final Turns<Runnable> turns; // guarded by this
  private boolean attended; // guarded by this

  /**
   * Nothing waits.
   *
   * @param bytesPerSecond that may pass at the moment; infinite for all
   * @param nanoTime as {@link System#nanoTime}
   */
  Gate(DoubleSupplier bytesPerSecond, LongSupplier nanoTime) {
    this.bytesPerSecond = bytesPerSecond;
    this.nanoTime = nanoTime;
    this.turns = new Turns<>(nanoTime.getAsLong());
  }

  /**
   * Runs something when it is its turn: at once, on this thread, or later on another.
   *
   * @param who takes turns with others
   */
  void pass(Object who, long bytes, Runnable then) {
    if (!enqueue(who, bytes, () -> Thread.startVirtualThread(then))) {
      then.run();
    }
  }

  /** Waits until it is this thread's turn. */
  void await(long bytes) throws InterruptedException {
    CountDownLatch turn = new CountDownLatch(1);
    Runnable then = turn::countDown;
    if (enqueue(Thread.currentThread(), bytes, then)) {
      try {
        turn.await();
      } catch (InterruptedException e) {
        synchronized (this) {
          turns.remove(then);
        }
        throw e;
      }
    }
  }

  /** Something passes that cannot wait: the others do. */
  synchronized void charge(long bytes) {
    double rate = bytesPerSecond.getAsDouble();
    if (rate != Double.POSITIVE_INFINITY) {
      turns.charge(nanoTime.getAsLong(), bytes, rate);
    }
  }

  /** Answers whether it has to wait; else it has passed. */
  private synchronized boolean enqueue(Object who, long bytes, Runnable then) {
    double rate = bytesPerSecond.getAsDouble();
    long now = nanoTime.getAsLong();
    if (turns.isEmpty() && (rate == Double.POSITIVE_INFINITY || turns.waitNanos(now) == 0)) {
      turns.add(now, who, bytes, then);
      turns.pass(now, rate);
      return false;
    }
    turns.add(now, who, bytes, then);
    if (!attended) {
      attended = true;
      Thread.ofVirtual().name("dlion-cap").start(this::attend);
    }
    return true;
  }

  private void attend() {
    try {
      for (long wait = next(); wait >= 0; wait = next()) {
        TimeUnit.NANOSECONDS.sleep(wait);
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody knows this thread", e);
    }
  }

  /** Lets pass what may; answers for how long to wait, or -1 when nothing waits any more. */
  private long next() {
    while (true) {
      Runnable then;
      synchronized (this) {
        if (turns.isEmpty()) {
          attended = false;
          return -1;
        }
        long now = nanoTime.getAsLong();
        long wait = turns.waitNanos(now);
        if (wait > 0) {
          return wait;
        }
        then = turns.pass(now, bytesPerSecond.getAsDouble());
      }
      then.run();
    }
  }
}
