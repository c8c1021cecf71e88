package io.dlion.cluster.line;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;

/** The bytes of one message and no more, whoever reads them. */
final class FrameInput extends InputStream {
  private final InputStream in;
  private int left;

  private FrameInput(InputStream in, int length) {
    this.in = in;
    this.left = length;
  }

  /** Reads a message. */
  interface Reader {
    void read(DataInputStream message) throws Exception;
  }

  /**
   * Lets somebody read the next bytes.
   *
   * @throws IOException unless exactly so many were read: what follows could not be told from them
   */
  static void read(InputStream in, int length, Reader reader) throws Exception {
    FrameInput frame = new FrameInput(in, length);
    reader.read(new DataInputStream(frame));
    if (frame.left != 0) {
      throw new IOException("a message that was not understood to its end");
    }
  }

  @Override
  public int read() throws IOException {
    if (left == 0) {
      return -1;
    }
    left--;
    return in.read();
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (left == 0) {
      return -1;
    }
    int count = in.read(bytes, offset, Math.min(length, left));
    left -= Math.max(0, count);
    return count;
  }

  @Override
  public int available() {
    return left;
  }
}
