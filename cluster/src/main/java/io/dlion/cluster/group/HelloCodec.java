package io.dlion.cluster.group;

import io.dlion.core.UserError;
import io.dlion.core.WorkerId;
import io.dlion.core.wire.MalformedMessageException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/**
 * A {@link Hello} as bytes: mark (4 bytes), protocol version (4), then its fields in order, texts
 * as {@link DataOutputStream#writeUTF} writes them. The first eight bytes are the same in all
 * versions, so that another version is told from nonsense.
 */
public final class HelloCodec {
  /** Version of all that workers say to each other. Others are refused. */
  public static final int PROTOCOL = 4;

  /** No hello is longer; what is longer is not looked at. */
  static final int BYTES_MAX = 256 * 1024 + PackedText.PACKED_BYTES_MAX;

  private static final int MARK = 0xd1105a11;
  private static final int ENTRIES_MAX = 4096;

  private HelloCodec() {}

  /** The bytes of a hello. */
  public static byte[] encode(Hello hello) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeInt(MARK);
      out.writeInt(PROTOCOL);
      out.writeByte(hello.role().ordinal());
      out.writeUTF(hello.name().name());
      out.writeUTF(hello.identity().site());
      write(out, hello.incarnation());
      write(out, hello.bulk());
      out.writeInt(hello.job().size());
      for (Map.Entry<String, String> entry : hello.job().entrySet()) {
        out.writeUTF(entry.getKey());
        out.writeUTF(entry.getValue());
      }
      PackedText.write(out, hello.encoding());
      out.writeLong(hello.examples());
      out.writeLong(hello.iteration());
      out.writeLong(hello.weights());
      out.writeBoolean(hello.start().isPresent());
      if (hello.start().isPresent()) {
        write(out, hello.start().get());
      }
      out.writeLong(hello.elapsedNanos());
      out.writeInt(hello.relayed().size());
      for (WorkerId peer : hello.relayed().stream().sorted().toList()) {
        out.writeUTF(peer.name());
      }
      out.writeInt(hello.meeting().encounter());
      out.writeBoolean(hello.meeting().asks());
    } catch (IOException e) {
      throw new UncheckedIOException(e); // only for a text of more than 64 KB
    }
    return bytes.toByteArray();
  }

  private static void write(DataOutputStream out, UUID id) throws IOException {
    out.writeLong(id.getMostSignificantBits());
    out.writeLong(id.getLeastSignificantBits());
  }

  private static void write(DataOutputStream out, Start start) throws IOException {
    out.writeLong(start.trainingExamples());
    out.writeLong(start.elapsedNanos());
    out.writeInt(start.members().size());
    for (Map.Entry<WorkerId, UUID> member : start.members().entrySet()) {
      out.writeUTF(member.getKey().name());
      write(out, member.getValue());
    }
  }

  /**
   * Reads a hello.
   *
   * @throws MalformedMessageException if it is none, or one of another version
   */
  public static Hello decode(byte[] bytes, int offset, int length)
      throws MalformedMessageException {
    if (length > BYTES_MAX) {
      throw new MalformedMessageException("a hello of " + length + " bytes");
    }
    try (DataInputStream in =
        new DataInputStream(new ByteArrayInputStream(bytes, offset, length))) {
      if (in.readInt() != MARK) {
        throw new MalformedMessageException("not a hello of a worker");
      }
      int version = in.readInt();
      if (version != PROTOCOL) {
        throw new MalformedMessageException(
            "it speaks version "
                + version
                + " of the protocol and this worker version "
                + PROTOCOL
                + ": run the same version of DLion everywhere");
      }
      Hello hello = fields(in);
      if (in.read() >= 0) {
        throw new MalformedMessageException("a hello with something behind its end");
      }
      return hello;
    } catch (IOException | UserError e) {
      String why = e.getMessage() == null ? "it is cut off" : e.getMessage();
      throw new MalformedMessageException("a hello that cannot be read: " + why);
    }
  }

  private static Hello fields(DataInputStream in) throws IOException, MalformedMessageException {
    int role = in.readUnsignedByte();
    if (role >= Hello.Role.values().length) {
      throw new MalformedMessageException("a hello of unknown role " + role);
    }
    Hello.Identity identity =
        new Hello.Identity(new WorkerId(in.readUTF()), in.readUTF(), uuid(in), uuid(in));
    Map<String, String> job = new TreeMap<>();
    for (int left = entries(in); left > 0; left--) {
      job.put(in.readUTF(), in.readUTF());
    }
    Hello.Data data = new Hello.Data(PackedText.read(in), notNegative(in.readLong()));
    Hello.State state =
        new Hello.State(
            notNegative(in.readLong()),
            in.readLong(),
            in.readBoolean() ? Optional.of(start(in)) : Optional.empty(),
            notNegative(in.readLong()),
            relayed(in));
    Hello.Meeting meeting = new Hello.Meeting(in.readInt(), in.readBoolean());
    return new Hello(Hello.Role.values()[role], identity, job, data, state, meeting);
  }

  private static Set<WorkerId> relayed(DataInputStream in)
      throws IOException, MalformedMessageException {
    Set<WorkerId> peers = new HashSet<>();
    for (int left = entries(in); left > 0; left--) {
      peers.add(new WorkerId(in.readUTF()));
    }
    return peers;
  }

  private static Start start(DataInputStream in) throws IOException, MalformedMessageException {
    long trainingExamples = notNegative(in.readLong());
    long elapsedNanos = notNegative(in.readLong());
    Map<WorkerId, UUID> members = new TreeMap<>();
    for (int left = entries(in); left > 0; left--) {
      members.put(new WorkerId(in.readUTF()), uuid(in));
    }
    return new Start(members, trainingExamples, elapsedNanos);
  }

  private static UUID uuid(DataInputStream in) throws IOException {
    return new UUID(in.readLong(), in.readLong());
  }

  private static int entries(DataInputStream in) throws IOException, MalformedMessageException {
    int entries = in.readInt();
    if (entries < 0 || entries > ENTRIES_MAX) {
      throw new MalformedMessageException("a hello with " + entries + " entries");
    }
    return entries;
  }

  private static long notNegative(long number) throws MalformedMessageException {
    if (number < 0) {
      throw new MalformedMessageException("a hello with a count of " + number);
    }
    return number;
  }
}
