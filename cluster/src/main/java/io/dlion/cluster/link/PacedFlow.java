package io.dlion.cluster.link;

import io.dlion.cluster.cap.Allowance;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The flow of a link to another machine, paced and measured by a {@link Pacer}. A part that the
 * worker's allowance holds back counts as sent when it goes: so the link is found to carry what the
 * allowance leaves it. Safe for several threads.
 */
public final class PacedFlow implements Flow {
  private static final long LOOK_AGAIN_NANOS = 100_000_000;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition receipts = lock.newCondition();
  private final Pacer pacer = new Pacer(System.nanoTime());
  private final Deque<Mark> underWay = new ArrayDeque<>();
  private final Allowance allowance;

  /** Where a part of a message ends. */
  private record Mark(long message, int end) {}

  /**
   * A flow of which nothing is known.
   *
   * @param allowance what all links of the worker may send together
   */
  public PacedFlow(Allowance allowance) {
    this.allowance = allowance;
  }

  @Override
  public int partBytes(int left) {
    lock.lock();
    try {
      return pacer.partBytes(left);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void await(Piece part, int length) throws InterruptedException {
    int bytes = length + Piece.BYTES;
    awaitPace(bytes);
    allowance.takeUpload(Allowance.onWire(bytes));
    lock.lock();
    try {
      pacer.sent(System.nanoTime(), bytes);
      underWay.add(new Mark(part.message(), part.offset() + length));
    } finally {
      lock.unlock();
    }
  }

  private void awaitPace(int bytes) throws InterruptedException {
    lock.lock();
    try {
      long now = System.nanoTime();
      for (long wait = pacer.waitNanos(now, bytes); wait > 0; wait = pacer.waitNanos(now, bytes)) {
        // A receipt wakes it; without one it looks again, in case none comes any more.
        var _ = receipts.awaitNanos(Math.min(wait, LOOK_AGAIN_NANOS));
        now = System.nanoTime();
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void idle() {
    lock.lock();
    try {
      pacer.idle();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void received(Piece receipt) {
    Mark mark = new Mark(receipt.message(), receipt.offset());
    lock.lock();
    try {
      if (underWay.contains(mark)) { // else of an earlier link, or overtaken by a later one
        long now = System.nanoTime();
        Mark taken;
        do {
          taken = underWay.remove();
          pacer.received(now);
        } while (!taken.equals(mark));
        receipts.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void handedOver(int bytes, long nanos) {}

  @Override
  public double bytesPerSecond() {
    lock.lock();
    try {
      return pacer.bytesPerSecond();
    } finally {
      lock.unlock();
    }
  }
}
