package io.dlion.cluster.desk;

import io.dlion.core.wire.MalformedMessageException;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What a worker answers: magic (4 bytes), version (1), outcome (1), name of the worker and text for
 * people (each its length in 4 bytes, then UTF-8), and after that, where a model or a status was
 * asked for, its bytes. Later versions may append to it.
 *
 * @param outcome how it went
 * @param worker its name; empty where it has none
 * @param text what happened, for people, in a few words; empty where the bytes say all
 */
public record Reply(Outcome outcome, String worker, String text) {
  static final int MAGIC = 0x444C_4441; // "DLDA"
  static final byte VERSION = 1;
  private static final int TEXT_BYTES_MAX = 2048;
  private static final int NAME_BYTES_MAX = 256;

  /** How a request went. The order is that of their bytes. */
  public enum Outcome {
    /** It was done, or there was nothing to do. */
    DONE,
    /** It was not, and the text says why. */
    REFUSED
  }

  /** It was done. */
  public static Reply done(String worker, String text) {
    return new Reply(Outcome.DONE, worker, text);
  }

  /** It was not done. */
  public static Reply refused(String worker, String why) {
    return new Reply(Outcome.REFUSED, worker, why);
  }

  /** Whether it was done. */
  public boolean isDone() {
    return outcome == Outcome.DONE;
  }

  /** Writes it; what is asked for, if anything, follows. */
  public void write(OutputStream out) throws IOException {
    DataOutputStream data = new DataOutputStream(out);
    data.writeInt(MAGIC);
    data.writeByte(VERSION);
    data.writeByte(outcome.ordinal());
    text(data, worker, NAME_BYTES_MAX);
    text(data, text, TEXT_BYTES_MAX);
    data.flush();
  }

  private static void text(DataOutputStream out, String text, int bytesMax) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    byte[] bounded = bytes.length <= bytesMax ? bytes : Arrays.copyOf(bytes, bytesMax);
    out.writeInt(bounded.length);
    out.write(bounded);
  }

  /**
   * Reads one, and leaves what follows.
   *
   * @throws MalformedMessageException if it is none
   * @throws IOException if the connection broke
   */
  public static Reply read(InputStream from) throws IOException, MalformedMessageException {
    DataInputStream in = new DataInputStream(from);
    try {
      if (in.readInt() != MAGIC || in.readByte() < VERSION) {
        throw new MalformedMessageException("not an answer");
      }
      int outcome = in.readUnsignedByte();
      if (outcome >= Outcome.values().length) {
        throw new MalformedMessageException("an answer of another version (" + outcome + ")");
      }
      return new Reply(
          Outcome.values()[outcome], text(in, NAME_BYTES_MAX), text(in, TEXT_BYTES_MAX));
    } catch (EOFException e) {
      throw new MalformedMessageException("an answer that is cut off");
    }
  }

  /** Text for a screen: no control characters, whoever sent them. */
  private static String text(DataInputStream in, int bytesMax)
      throws IOException, MalformedMessageException {
    int length = in.readInt();
    if (length < 0 || length > bytesMax) {
      throw new MalformedMessageException("an answer with a text of " + length + " bytes");
    }
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException();
    }
    return new String(bytes, StandardCharsets.UTF_8).replaceAll("\\p{Cntrl}", "?");
  }
}
