package io.dlion.cli.operate;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.TimeUnit;

/** Ends where nothing has come for {@value #SECONDS_MAX} seconds. Confined to one reader. */
final class Watched extends FilterInputStream {
  private static final int SECONDS_MAX = 180;

  private final Thread watch;
  private volatile long progressNanos = System.nanoTime();
  private volatile boolean given;

  Watched(InputStream in) {
    super(in);
    watch = Thread.startVirtualThread(this::watch);
  }

  private void watch() {
    try {
      while (System.nanoTime() - progressNanos < TimeUnit.SECONDS.toNanos(SECONDS_MAX)) {
        TimeUnit.SECONDS.sleep(1);
      }
      given = true;
      in.close();
    } catch (InterruptedException | IOException e) {
      // Closed by its reader, or gone already.
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    try {
      int count = super.read(bytes, offset, length);
      progressNanos = System.nanoTime();
      return count;
    } catch (IOException e) {
      throw given ? new IOException("nothing has come for " + SECONDS_MAX + " s", e) : e;
    }
  }

  @Override
  public void close() throws IOException {
    watch.interrupt();
    super.close();
  }
}
