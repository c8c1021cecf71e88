package io.dlion.cluster.line;

import io.dlion.cluster.security.Caller;
import io.dlion.core.WorkerId;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * An open connection to another station for one channel, on which frames go both ways: length (4
 * bytes), then the bytes; or a {@link Signal}, whose code stands in the place of the length. Safe
 * for several threads: one reads, others send and look.
 */
final class Line implements Closeable {
  /** A longer frame is of nobody who speaks this protocol. */
  private static final int FRAME_BYTES_MAX = 4 << 20;

  private static final int READ_BUFFER_BYTES = 64 * 1024;
  private static final int SEND_BUFFER_BYTES = 64 * 1024;

  private final Channel channel;
  private final Station peer;
  private final Optional<Station> via;
  private final boolean dialedHere;
  private final Socket socket;
  private final Optional<WorkerId> speaker;
  private final DataInputStream in;
  private final ReentrantLock sending = new ReentrantLock();
  private byte @Nullable [] buffer; // guarded by sending
  private final long sinceNanos = System.nanoTime();
  private volatile long heardNanos = sinceNanos;
  private volatile long sentNanos = heardNanos;
  private volatile boolean closed;
  private volatile boolean bidGoodbye;

  /** What a frame is that carries no message; the code stands where else the length does. */
  enum Signal {
    /** Says that the sender is there. */
    PING(0),
    /** The sender closes the line, and nothing is wrong. */
    GOODBYE(0),
    /** Asks for a connection to the sender with a {@link Opening.Branch}: 16 bytes of its token. */
    BRANCH(16),
    /** Asks for a line to the sender: 1 byte, its channel. */
    DIAL(1),
    /** Somebody else who has a line to the sender: 2 bytes of length, then the station. */
    INTRODUCE(-1);

    private final int bytes;

    Signal(int bytes) {
      this.bytes = bytes;
    }

    private int code() {
      return -1 - ordinal();
    }
  }

  /** What comes on a line; called on its thread, in order. */
  interface Listener {
    /** A message; exactly so many bytes are to be read. */
    void message(Line line, DataInputStream in, int length) throws Exception;

    /** A signal, with what belongs to it. */
    void signal(Line line, Signal signal, byte[] body) throws IOException;

    /** Nothing comes any more. */
    void closed(Line line);
  }

  /**
   * One over a connection.
   *
   * @param via who forwards it, or the last of those who do; empty where it is direct
   * @param dialedHere whether this process has called
   */
  Line(
      Channel channel,
      Station peer,
      Optional<Station> via,
      boolean dialedHere,
      Connection connection) {
    this.channel = channel;
    this.peer = peer;
    this.via = via;
    this.dialedHere = dialedHere;
    this.socket = connection.socket();
    this.speaker = connection.speaker().map(Caller::name);
    this.in =
        new DataInputStream(new BufferedInputStream(new Heard(connection.in()), READ_BUFFER_BYTES));
  }

  /** Notes whenever something comes: a long frame takes seconds on a thin link. */
  private final class Heard extends FilterInputStream {
    Heard(InputStream in) {
      super(in);
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int count = super.read(bytes, offset, length);
      heardNanos = System.nanoTime();
      return count;
    }

    @Override
    public int read() throws IOException {
      int one = super.read();
      heardNanos = System.nanoTime();
      return one;
    }
  }

  Channel channel() {
    return channel;
  }

  Station peer() {
    return peer;
  }

  Optional<Station> via() {
    return via;
  }

  boolean direct() {
    return via.isEmpty();
  }

  boolean dialedHere() {
    return dialedHere;
  }

  /** The name in the certificate of the other end; empty without encryption. */
  Optional<WorkerId> speaker() {
    return speaker;
  }

  /** Where a line that was dialed here leads to. */
  java.net.InetSocketAddress remote() {
    return (java.net.InetSocketAddress) socket.getRemoteSocketAddress();
  }

  /** When it was made. */
  long sinceNanos() {
    return sinceNanos;
  }

  /** For how long nothing has come. */
  long silentNanos(long nowNanos) {
    return nowNanos - heardNanos;
  }

  boolean isClosed() {
    return closed;
  }

  /** Whether the other end has said that it closes the line. */
  boolean endedWell() {
    return bidGoodbye;
  }

  // ---- sending

  /** Sends a message; blocks while the network takes no more. */
  void send(byte[] bytes, int offset, int length) throws IOException {
    sending.lock();
    try {
      write(length, bytes, offset, length);
    } finally {
      sending.unlock();
    }
  }

  void signal(Signal signal, byte... body) throws IOException {
    sending.lock();
    try {
      write(signal.code(), body, 0, body.length);
    } finally {
      sending.unlock();
    }
  }

  /** The head and the bytes behind it in one piece, as far as that goes: pieces become packets. */
  private void write(int head, byte[] bytes, int offset, int length) throws IOException {
    if (closed) {
      throw new IOException("closed");
    }
    byte[] first = buffer;
    if (first == null) {
      first = new byte[SEND_BUFFER_BYTES];
      buffer = first;
    }
    int fits = Math.min(length, first.length - Integer.BYTES);
    ByteBuffer.wrap(first).putInt(head).put(bytes, offset, fits);
    socket.getOutputStream().write(first, 0, Integer.BYTES + fits);
    if (fits < length) {
      socket.getOutputStream().write(bytes, offset + fits, length - fits);
    }
    sentNanos = System.nanoTime();
  }

  /** Says that it is there, unless something was said just now, or is about to be. */
  void ping(long nowNanos, long quietNanos) {
    if (nowNanos - sentNanos < quietNanos || !sending.tryLock()) {
      return;
    }
    try {
      write(Signal.PING.code(), new byte[0], 0, 0);
    } catch (IOException e) {
      close();
    } finally {
      sending.unlock();
    }
  }

  // ---- receiving

  /** Reads until the line is closed. */
  void read(Listener listener) {
    try {
      while (!closed) {
        int head = in.readInt();
        if (head > FRAME_BYTES_MAX) {
          throw new IOException("a frame of " + head + " bytes");
        }
        if (head > 0) {
          FrameInput.read(in, head, message -> listener.message(this, message, head));
        } else if (head < 0) {
          signalled(listener, -1 - head);
        }
      }
    } catch (Exception e) {
      // Its end: whoever misses something asks again.
    } finally {
      close();
      listener.closed(this);
    }
  }

  private void signalled(Listener listener, int ordinal) throws IOException {
    Signal[] all = Signal.values();
    if (ordinal >= all.length) {
      throw new IOException("an unknown signal");
    }
    Signal signal = all[ordinal];
    int length = signal.bytes >= 0 ? signal.bytes : in.readUnsignedShort();
    byte[] body = in.readNBytes(length);
    if (body.length < length) {
      throw new IOException("ended in a signal");
    }
    if (signal == Signal.GOODBYE) {
      bidGoodbye = true;
      closed = true;
    } else if (signal != Signal.PING) {
      listener.signal(this, signal, body);
    }
  }

  // ---- the end

  /** Says goodbye, unless something hinders it, and closes. */
  void leave() {
    if (sending.tryLock()) {
      try {
        write(Signal.GOODBYE.code(), new byte[0], 0, 0);
      } catch (IOException e) {
        // It is gone.
      } finally {
        sending.unlock();
      }
    }
    bidGoodbye = true;
    close();
  }

  /**
   * Closes it at once. A thread that sends, and is held up by a link that carries nothing any more,
   * would else hold this one up, too: TLS wants to say goodbye.
   */
  @Override
  public void close() {
    closed = true;
    try {
      socket.setSoLinger(true, bidGoodbye ? 1 : 0);
    } catch (IOException e) {
      // It is closed.
    }
    try {
      socket.close();
    } catch (IOException e) {
      // It is closed.
    }
  }
}
