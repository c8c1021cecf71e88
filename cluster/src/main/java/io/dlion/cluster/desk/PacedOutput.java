package io.dlion.cluster.desk;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;

/**
 * Writes no faster than at some rate, a small part at a time, so that what is large leaves room for
 * others. The rate is asked for before each part. Confined to one thread.
 */
public final class PacedOutput extends OutputStream {
  private static final int PART_BYTES = 8 * 1024;

  private final OutputStream out;
  private final DoubleSupplier bytesPerSecond;
  private final Pause pause;
  private long freeNanos = Long.MIN_VALUE;

  /** How time passes. */
  interface Pause {
    /** Now, in nanoseconds of some clock. */
    long nowNanos();

    /** Lets so much time pass. */
    void await(long nanos) throws InterruptedException;
  }

  /** At a rate above 0. */
  public PacedOutput(OutputStream out, DoubleSupplier bytesPerSecond) {
    this(
        out,
        bytesPerSecond,
        new Pause() {
          @Override
          public long nowNanos() {
            return System.nanoTime();
          }

          @Override
          public void await(long nanos) throws InterruptedException {
            TimeUnit.NANOSECONDS.sleep(nanos);
          }
        });
  }

  PacedOutput(OutputStream out, DoubleSupplier bytesPerSecond, Pause pause) {
    this.out = out;
    this.bytesPerSecond = bytesPerSecond;
    this.pause = pause;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    for (int done = 0; done < length; ) {
      int part = Math.min(PART_BYTES, length - done);
      awaitTurn();
      out.write(bytes, offset + done, part);
      done += part;
      long takes = (long) (1e9 * part / bytesPerSecond.getAsDouble());
      freeNanos = Math.max(freeNanos, pause.nowNanos()) + takes; // nothing is saved up
    }
  }

  private void awaitTurn() throws IOException {
    long wait = freeNanos == Long.MIN_VALUE ? 0 : freeNanos - pause.nowNanos();
    if (wait <= 0) {
      return;
    }
    try {
      pause.await(wait);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while a model was sent");
    }
  }

  @Override
  public void flush() throws IOException {
    out.flush();
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
