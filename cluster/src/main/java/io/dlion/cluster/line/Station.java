package io.dlion.cluster.line;

import io.dlion.core.UserError;
import io.dlion.core.WorkerId;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * A process that others may have lines to. It is known by its id, not by where it is: addresses
 * change, and two sites behind address translation may have the same.
 *
 * @param id drawn at random for each process
 * @param name of the worker or relay, as in its certificate
 * @param endpoints where it may be reached, best first; empty where nobody can
 */
public record Station(UUID id, String name, List<Endpoint> endpoints) {
  static final int ENDPOINTS_MAX = 8;
  private static final int NAME_CHARS_MAX = 255;

  /** Copies the endpoints; checks the bounds, since it may come from another machine. */
  public Station {
    endpoints = List.copyOf(endpoints);
    if (endpoints.size() > ENDPOINTS_MAX || name.length() > NAME_CHARS_MAX) {
      throw new IllegalArgumentException("no station: " + name);
    }
  }

  /** Writes it, at most {@code 3 kB}. */
  public void write(DataOutput out) throws IOException {
    writeId(id, out);
    out.writeUTF(name);
    out.writeByte(endpoints.size());
    for (Endpoint endpoint : endpoints) {
      endpoint.write(out);
    }
  }

  /**
   * Reads one.
   *
   * @throws IOException where it is not well formed
   */
  public static Station read(DataInput in) throws IOException {
    UUID id = readId(in);
    String name = in.readUTF();
    int count = in.readUnsignedByte();
    if (count > ENDPOINTS_MAX || name.length() > NAME_CHARS_MAX) {
      throw new IOException("a station with " + count + " endpoints");
    }
    List<Endpoint> endpoints = new ArrayList<>();
    for (int k = 0; k < count; k++) {
      endpoints.add(Endpoint.read(in));
    }
    try {
      return new Station(id, new WorkerId(name).name(), endpoints);
    } catch (UserError e) {
      throw new IOException("a station whose name cannot be: " + e.getMessage(), e);
    }
  }

  static void writeId(UUID id, DataOutput out) throws IOException {
    out.writeLong(id.getMostSignificantBits());
    out.writeLong(id.getLeastSignificantBits());
  }

  static UUID readId(DataInput in) throws IOException {
    return new UUID(in.readLong(), in.readLong());
  }

  @Override
  public String toString() {
    return name + " at " + (endpoints.isEmpty() ? "no address" : endpoints);
  }
}
