package io.dlion.cluster.line;

import io.dlion.cluster.cap.Allowance;
import io.dlion.cluster.survey.ProbeLimits;
import io.dlion.cluster.survey.Throughput;
import io.dlion.core.wire.MalformedMessageException;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Sends blocks over a connection to measure it, and takes them. Each block is acknowledged by a
 * byte. No more are under way than a window allows, which grows as TCP's does, so that a thin line
 * is not filled for minutes. Confined to one thread, beside which sending has one of its own.
 */
final class ProbeStream {
  /** What one end says to the other. */
  private static final int BLOCK = 'B';

  private static final int ACKNOWLEDGED = 'A';
  private static final int OVER = 'O';
  private static final int ECHO = 'E';
  private static final int SEND = 'S';

  private static final int BLOCK_BYTES = 8 * 1024;
  private static final int WINDOW_BLOCKS = 4;
  private static final int WINDOW_BLOCKS_MAX = 256;

  /** So much longer than the shortest round trip: a queue builds up, and the window is enough. */
  private static final long QUEUE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /** After so long without a word the other end is taken for gone. */
  private static final int SILENCE_MILLIS_MAX = 20_000;

  private static final int ECHOES = 11;

  private final DataInputStream in;
  private final DataOutputStream out;
  private final Allowance allowance;

  ProbeStream(Connection connection, Allowance allowance) throws IOException {
    connection.socket().setSoTimeout(SILENCE_MILLIS_MAX);
    this.in = connection.in();
    this.out = new DataOutputStream(new BufferedOutputStream(connection.out(), BLOCK_BYTES + 1));
    this.allowance = allowance;
  }

  // ---- the end that measures

  /** The median of {@value #ECHOES} round trips, in seconds. */
  double roundTripSeconds() throws IOException {
    long[] nanos = new long[ECHOES];
    for (int k = 0; k < ECHOES; k++) {
      long begin = System.nanoTime();
      say(ECHO);
      require(ECHO, in.readUnsignedByte());
      nanos[k] = System.nanoTime() - begin;
    }
    Arrays.sort(nanos);
    return nanos[ECHOES / 2] / 1e9;
  }

  /** What the line carries to the other end, in bytes per second. */
  double outBytesPerSecond(ProbeLimits limits) throws IOException {
    return send(limits).bytesPerSecond();
  }

  /** What the line carries from the other end, in bytes per second. */
  double inBytesPerSecond(ProbeLimits limits) throws IOException {
    out.writeByte(SEND);
    limits.write(out);
    out.flush();
    Throughput came = new Throughput(limits.millis());
    byte[] block = new byte[BLOCK_BYTES];
    while (true) {
      int said = in.readUnsignedByte();
      if (said == OVER) {
        return came.bytesPerSecond();
      }
      require(BLOCK, said);
      take(block);
      came.came(BLOCK_BYTES, System.nanoTime());
      if (came.bytes() > (long) limits.bytes() + BLOCK_BYTES) {
        throw new IOException("more has come than was asked for");
      }
    }
  }

  // ---- the end that helps

  /** Does what the other end says, until it closes the connection. */
  void serve() throws IOException {
    byte[] block = new byte[BLOCK_BYTES];
    long budget = 2L * ProbeLimits.BYTES_MAX;
    while (budget > 0) {
      int said = in.read();
      switch (said) {
        case -1 -> {
          return;
        }
        case ECHO -> say(ECHO);
        case BLOCK -> {
          take(block);
          budget -= BLOCK_BYTES;
        }
        case OVER -> {}
        case SEND -> {
          ProbeLimits limits = limits();
          budget -= limits.bytes();
          send(limits);
        }
        default -> throw new IOException("not a probe: " + said);
      }
    }
  }

  private ProbeLimits limits() throws IOException {
    try {
      return ProbeLimits.read(in);
    } catch (MalformedMessageException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  // ---- blocks

  private void say(int what) throws IOException {
    out.writeByte(what);
    out.flush();
  }

  private static void require(int expected, int said) throws IOException {
    if (said != expected) {
      throw new IOException("not an answer to a probe: " + said);
    }
  }

  private void take(byte[] block) throws IOException {
    in.readFully(block);
    try {
      allowance.takeDownload(Allowance.onWire(BLOCK_BYTES));
    } catch (InterruptedException e) {
      throw interrupted();
    }
    say(ACKNOWLEDGED);
  }

  private static IOException interrupted() {
    Thread.currentThread().interrupt();
    return new InterruptedIOException("interrupted while a line was measured");
  }

  /** Sends blocks within the limits; what has been acknowledged when counts. */
  private Throughput send(ProbeLimits limits) throws IOException {
    Window window = new Window(new Throughput(limits.millis()));
    Thread acknowledged = Thread.startVirtualThread(() -> acknowledgements(window));
    byte[] block = new byte[BLOCK_BYTES];
    ThreadLocalRandom.current().nextBytes(block); // nobody on the way can make it smaller
    long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(limits.millis());
    long left = limits.bytes();
    try {
      while (left > 0 && window.awaitRoom(until)) {
        allowance.takeUpload(Allowance.onWire(BLOCK_BYTES));
        window.sent();
        out.writeByte(BLOCK);
        out.write(block);
        out.flush();
        left -= BLOCK_BYTES;
      }
      window.over();
      acknowledged.join();
    } catch (InterruptedException e) {
      throw interrupted();
    } finally {
      window.over();
    }
    Throughput found = window.result();
    say(OVER);
    return found;
  }

  private void acknowledgements(Window window) {
    try {
      while (window.awaitSent()) {
        require(ACKNOWLEDGED, in.readUnsignedByte());
        window.acknowledged();
      }
    } catch (IOException e) {
      window.failed(e);
    } catch (InterruptedException e) {
      window.failed(interrupted());
    }
  }

  /** The blocks under way. Safe for two threads, of which one sends and one hears of arrivals. */
  private static final class Window {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<Long> sentNanos = new ArrayDeque<>();
    private final Throughput arrived;
    private int blocks = WINDOW_BLOCKS;
    private long shortestNanos = Long.MAX_VALUE;
    private boolean over;
    private @Nullable IOException failure;

    Window(Throughput arrived) {
      this.arrived = arrived;
    }

    /** Waits until another block may be sent; false where the time is over first. */
    boolean awaitRoom(long untilNanos) throws IOException, InterruptedException {
      lock.lock();
      try {
        long left = untilNanos - System.nanoTime();
        while (failure == null && sentNanos.size() >= blocks && left > 0) {
          left = changed.awaitNanos(left);
        }
        if (failure != null) {
          throw new IOException(failure.getMessage(), failure);
        }
        return left > 0;
      } finally {
        lock.unlock();
      }
    }

    /** A block is about to be sent. */
    void sent() {
      lock.lock();
      try {
        sentNanos.add(System.nanoTime());
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }

    /** No further block will be sent. */
    void over() {
      lock.lock();
      try {
        over = true;
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }

    /** Waits until there is a block that was not acknowledged; false where none will come. */
    boolean awaitSent() throws InterruptedException {
      lock.lock();
      try {
        while (sentNanos.isEmpty() && !over) {
          changed.await();
        }
        return !sentNanos.isEmpty();
      } finally {
        lock.unlock();
      }
    }

    void acknowledged() {
      lock.lock();
      try {
        long now = System.nanoTime();
        long took = now - sentNanos.remove();
        shortestNanos = Math.min(shortestNanos, took);
        if (took < shortestNanos + QUEUE_NANOS) {
          blocks = Math.min(WINDOW_BLOCKS_MAX, blocks + 1);
        }
        arrived.came(BLOCK_BYTES, now);
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }

    void failed(IOException why) {
      lock.lock();
      try {
        failure = why;
        over = true;
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }

    Throughput result() throws IOException {
      lock.lock();
      try {
        if (failure != null) {
          throw new IOException(failure.getMessage(), failure);
        }
        return arrived;
      } finally {
        lock.unlock();
      }
    }
  }
}
