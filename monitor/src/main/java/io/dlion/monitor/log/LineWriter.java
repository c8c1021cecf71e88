package io.dlion.monitor.log;

import io.dlion.monitor.run.DiskFailure;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Appends lines to a file about once a second, from a thread of its own: those who write never wait
 * for the disk. What waits is limited; lines beyond that are left out and counted. Lines that the
 * disk does not take are lost, and those after them are tried again. Thread safe.
 */
final class LineWriter {
  private static final long PERIOD_MILLIS = 1000;
  private static final long CLOSE_MILLIS_MAX = 30_000;
  private static final int WAITING_BYTES_MAX = 8 << 20;
  private static final int TAIL_BLOCK_BYTES = 8192;

  private final Path file;
  private final FileChannel channel;
  private final Thread thread;

  /** The rest is guarded by this. */
  private ByteArrayOutputStream waiting = new ByteArrayOutputStream();

  private long leftOut;
  private boolean hurry;
  private boolean writing;
  private boolean closed;
  private @Nullable IOException failure;
  private Consumer<IOException> whenFailed = _ -> {};

  LineWriter(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
    this.thread = Thread.ofPlatform().daemon().name("metrics-writer").unstarted(this::run);
  }

  /** Opens a file and cuts off a half line at its end. */
  static LineWriter open(Path file) throws IOException {
    LineWriter writer;
    try {
      FileChannel channel =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      long whole = wholeLinesEnd(channel);
      channel.truncate(whole);
      channel.position(whole);
      writer = new LineWriter(file, channel);
    } catch (IOException e) {
      throw DiskFailure.cannot("write", file, e);
    }
    writer.thread.start();
    return writer;
  }

  /** Where the last whole line ends. */
  private static long wholeLinesEnd(FileChannel channel) throws IOException {
    long end = channel.size();
    while (end > 0) {
      int length = (int) Math.min(TAIL_BLOCK_BYTES, end);
      ByteBuffer block = ByteBuffer.allocate(length);
      while (block.hasRemaining() && channel.read(block, end - length + block.position()) > 0) {
        // A read may give less than was asked for.
      }
      for (int i = block.position() - 1; i >= 0; i--) {
        if (block.get(i) == '\n') {
          return end - length + i + 1;
        }
      }
      end -= length;
    }
    return 0;
  }

  synchronized void write(MetricsLine line) {
    byte[] bytes = line.toString().getBytes(StandardCharsets.UTF_8);
    if (closed) {
      return;
    }
    if (waiting.size() + bytes.length > WAITING_BYTES_MAX) {
      leftOut++;
      return;
    }
    waiting.writeBytes(bytes);
  }

  /** Is told of the first failure, on the thread that writes. */
  synchronized void whenFailed(Consumer<IOException> listener) {
    whenFailed = listener;
  }

  synchronized Optional<IOException> failure() {
    if (failure == null && leftOut > 0) {
      return Optional.of(
          new IOException(
              "cannot write " + file + " fast enough: " + leftOut + " lines were left out"));
    }
    return Optional.ofNullable(failure);
  }

  /** Waits until all lines of before are written, or lost. */
  synchronized void flush() {
    hurry = true;
    notifyAll();
    try {
      while (thread.isAlive() && (writing || waiting.size() > 0)) {
        wait(PERIOD_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Writes what is left and closes the file; waits for that, within a limit. */
  void close() {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    boolean interrupted = false;
    long endNanos = System.nanoTime() + CLOSE_MILLIS_MAX * 1_000_000;
    while (thread.isAlive() && System.nanoTime() < endNanos) {
      try {
        thread.join(PERIOD_MILLIS);
      } catch (InterruptedException e) {
        interrupted = true; // Lines matter more; whoever interrupted us is told below.
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try (channel) {
      for (byte[] lines = next(); lines != null; lines = next()) {
        append(lines);
      }
    } catch (IOException e) {
      fail(e);
      synchronized (this) {
        closed = true; // half a line stands at the end: what came behind it could not be read
      }
    }
  }

  /** Waits for lines; null when there are no more to come. */
  private synchronized byte @Nullable [] next() {
    writing = false;
    notifyAll();
    try {
      long dueNanos = System.nanoTime() + PERIOD_MILLIS * 1_000_000;
      boolean due = false;
      while (!closed && (waiting.size() == 0 || !(due || hurry))) {
        wait(PERIOD_MILLIS);
        due = System.nanoTime() - dueNanos >= 0;
      }
    } catch (InterruptedException e) {
      closed = true;
    }
    hurry = false;
    if (waiting.size() == 0) {
      return null;
    }
    byte[] lines = waiting.toByteArray();
    waiting = new ByteArrayOutputStream();
    writing = true;
    return lines;
  }

  /**
   * All of the lines, or none of them if the disk fails.
   *
   * @throws IOException if not even that can be had
   */
  private void append(byte[] lines) throws IOException {
    long begin = channel.position();
    ByteBuffer rest = ByteBuffer.wrap(lines);
    try {
      while (rest.hasRemaining()) {
        channel.write(rest);
      }
    } catch (IOException e) {
      fail(e);
      if (channel.position() > begin) {
        channel.truncate(begin);
      }
    }
  }

  private void fail(IOException e) {
    Consumer<IOException> listener;
    IOException first = DiskFailure.cannot("write", file, e);
    synchronized (this) {
      if (failure != null) {
        return;
      }
      failure = first;
      listener = whenFailed;
    }
    listener.accept(first);
  }
}
