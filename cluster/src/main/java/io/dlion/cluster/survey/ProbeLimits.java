package io.dlion.cluster.survey;

import io.dlion.core.wire.MalformedMessageException;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;

/**
 * How much measuring a line may take, in each direction.
 *
 * @param millis for which something is sent, at most
 * @param bytes that are sent, at most
 */
public record ProbeLimits(int millis, int bytes) {
  /** The longest that anybody may ask for. */
  public static final int MILLIS_MAX = 30_000;

  /** The most that anybody may ask for. */
  public static final int BYTES_MAX = 256 << 20;

  /** Checks that they are above 0 and below what anybody may ask for. */
  public ProbeLimits {
    if (millis < 1 || millis > MILLIS_MAX || bytes < 1 || bytes > BYTES_MAX) {
      throw new IllegalArgumentException("a probe of " + millis + " ms and " + bytes + " bytes");
    }
  }

  /** Writes them, 8 bytes. */
  public void write(DataOutputStream out) throws IOException {
    out.writeInt(millis);
    out.writeInt(bytes);
  }

  /**
   * Reads them.
   *
   * @throws MalformedMessageException if they are beyond what may be asked for
   */
  public static ProbeLimits read(DataInputStream in) throws IOException, MalformedMessageException {
    try {
      return new ProbeLimits(in.readInt(), in.readInt());
    } catch (IllegalArgumentException e) {
      throw new MalformedMessageException(String.valueOf(e.getMessage()));
    }
  }
}
