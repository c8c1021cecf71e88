package io.dlion.cluster.line;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** How openings and answers stand on the wire: sizes are checked before memory is taken. */
final class Framing {
  static final int HEADER_BYTES = 10;

  private static final int MAGIC = 0x444c4e31; // DLN1
  private static final int VERSION = 1;
  private static final int STATIONS_MAX = 1024;
  private static final int OK = 0;
  private static final int REFUSED = 1;

  private Framing() {}

  /** A body and what it is. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Framed(int kind, byte[] body) {}

  /** Fills in the header, for which room was left. */
  static byte[] framed(int kind, byte[] headerAndBody) {
    ByteBuffer.wrap(headerAndBody)
        .putInt(MAGIC)
        .put((byte) VERSION)
        .put((byte) kind)
        .putInt(headerAndBody.length - HEADER_BYTES);
    return headerAndBody;
  }

  static Framed read(DataInputStream in) throws IOException {
    int magic = in.readInt();
    if (magic != MAGIC) {
      throw new IOException("not DLion, or an earlier version of it");
    }
    int version = in.readUnsignedByte();
    if (version != VERSION) {
      throw new IOException("another version of DLion, " + version);
    }
    int kind = in.readUnsignedByte();
    int length = in.readInt();
    if (length < 0 || length > Opening.BODY_BYTES_MAX) {
      throw new IOException("a call of " + length + " bytes");
    }
    return new Framed(kind, in.readNBytes(length));
  }

  /** Says yes: who was called, and whom it has direct lines with. */
  static void accept(DataOutputStream out, Station self, List<Station> neighbours)
      throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(new byte[HEADER_BYTES]);
    DataOutputStream body = new DataOutputStream(bytes);
    self.write(body);
    int count = Math.min(neighbours.size(), STATIONS_MAX);
    body.writeShort(count);
    for (Station station : neighbours.subList(0, count)) {
      station.write(body);
    }
    out.write(framed(OK, bytes.toByteArray()));
    out.flush();
  }

  /** Says no, and why. */
  static void refuse(DataOutputStream out, Station self, String why) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(new byte[HEADER_BYTES]);
    DataOutputStream body = new DataOutputStream(bytes);
    self.write(body);
    body.writeUTF(why);
    out.write(framed(REFUSED, bytes.toByteArray()));
    out.flush();
  }

  /**
   * Reads an answer.
   *
   * @throws RefusedException if it is no
   */
  static Answer answer(DataInputStream in) throws IOException {
    Framed framed = read(in);
    DataInputStream body = new DataInputStream(new ByteArrayInputStream(framed.body()));
    Station station = Station.read(body);
    if (framed.kind() != OK) {
      throw new RefusedException(station, body.readUTF());
    }
    List<Station> neighbours = new ArrayList<>();
    int count = body.readUnsignedShort();
    if (count > STATIONS_MAX) {
      throw new IOException("an answer with " + count + " stations");
    }
    for (int k = 0; k < count; k++) {
      neighbours.add(Station.read(body));
    }
    return new Answer(station, neighbours);
  }
}
