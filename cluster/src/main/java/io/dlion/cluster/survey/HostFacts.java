package io.dlion.cluster.survey;

import io.dlion.core.wire.MalformedMessageException;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.regex.Pattern;

/**
 * The machine that a worker is on.
 *
 * @param machine 32 hexadecimal digits: two workers with the same are on one machine
 * @param cores that the worker's process may use there
 * @param threads with which it computes gradients
 */
public record HostFacts(String machine, int cores, int threads) {
  private static final Pattern MACHINE = Pattern.compile("[0-9a-f]{32}");
  private static final int COUNT_MAX = 65_536;

  /** Checks the digits and that counts are from 1 to 65,536. */
  public HostFacts {
    if (!MACHINE.matcher(machine).matches()) {
      throw new IllegalArgumentException("a machine without an identity");
    }
    if (cores < 1 || cores > COUNT_MAX || threads < 1 || threads > COUNT_MAX) {
      throw new IllegalArgumentException(cores + " cores and " + threads + " threads");
    }
  }

  /** Writes it. */
  public void write(DataOutputStream out) throws IOException {
    out.writeUTF(machine);
    out.writeInt(cores);
    out.writeInt(threads);
  }

  /**
   * Reads one.
   *
   * @throws MalformedMessageException if it cannot be
   */
  public static HostFacts read(DataInputStream in) throws MalformedMessageException {
    return Facts.read(() -> new HostFacts(in.readUTF(), in.readInt(), in.readInt()));
  }
}
