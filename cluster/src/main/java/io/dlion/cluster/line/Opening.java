package io.dlion.cluster.line;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * What somebody who calls wants: the first bytes on a connection, after its handshake. On the wire:
 * magic (4 bytes), version (1), kind (1), length of the body (4), the body.
 */
public sealed interface Opening {
  /** Bound on the body, and on that of an answer. */
  int BODY_BYTES_MAX = 256 * 1024;

  /** A line between two stations for one channel. */
  record ForLine(Channel channel, Station from, UUID wanted) implements Opening {}

  /**
   * A stream to another station, which the callee is to forward.
   *
   * @param target the other
   * @param from who wants it
   * @param hops how many more may forward it
   * @param visited who has been asked already
   * @param lasting whether it is for a line, rather than for a question
   */
  record Forward(UUID target, Station from, int hops, List<UUID> visited, boolean lasting)
      implements Opening {}

  /**
   * What follows is a stream of somebody else, to be greeted like a new one; {@code via} brings it.
   */
  record Carried(Station via) implements Opening {}

  /** The stream that the callee has asked for; then the callee calls on it. */
  record Branch(UUID token) implements Opening {}

  /** Who is called, and with whom does it have direct lines? */
  record Who() implements Opening {}

  /** The caller measures the line: see {@link ProbeStream}. */
  record Probe(Station from) implements Opening {}

  /** Something that is for the callee's desk. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Ask(byte[] request) implements Opening {}

  /** Any station will do. */
  UUID ANYBODY = new UUID(0, 0);

  private int kind() {
    return switch (this) {
      case ForLine _ -> 1;
      case Forward _ -> 2;
      case Carried _ -> 3;
      case Branch _ -> 4;
      case Who _ -> 5;
      case Ask _ -> 6;
      case Probe _ -> 7;
    };
  }

  /** Sends it. */
  default void write(DataOutputStream out) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(new byte[Framing.HEADER_BYTES]);
    DataOutputStream body = new DataOutputStream(bytes);
    switch (this) {
      case ForLine o -> {
        body.writeByte(o.channel.ordinal());
        o.from.write(body);
        Station.writeId(o.wanted, body);
      }
      case Forward o -> {
        Station.writeId(o.target, body);
        o.from.write(body);
        body.writeByte(o.hops);
        body.writeByte(o.visited.size());
        for (UUID id : o.visited) {
          Station.writeId(id, body);
        }
        body.writeBoolean(o.lasting);
      }
      case Carried o -> o.via.write(body);
      case Branch o -> Station.writeId(o.token, body);
      case Who _ -> {}
      case Ask o -> body.write(o.request);
      case Probe o -> o.from.write(body);
    }
    out.write(Framing.framed(kind(), bytes.toByteArray())); // in one piece: each would be a packet
    out.flush();
  }

  /**
   * Reads one.
   *
   * @throws IOException where it is something else, or of another version
   */
  static Opening read(DataInputStream in) throws IOException {
    Framing.Framed framed = Framing.read(in);
    DataInputStream body = new DataInputStream(new ByteArrayInputStream(framed.body()));
    Opening opening =
        switch (framed.kind()) {
          case 1 -> new ForLine(Channel.of(body.read()), Station.read(body), Station.readId(body));
          case 2 -> forward(body);
          case 3 -> new Carried(Station.read(body));
          case 4 -> new Branch(Station.readId(body));
          case 5 -> new Who();
          case 6 -> new Ask(body.readAllBytes());
          case 7 -> new Probe(Station.read(body));
          default -> throw new IOException("an unknown kind of call, " + framed.kind());
        };
    if (body.available() > 0) {
      throw new IOException("bytes behind a call");
    }
    return opening;
  }

  private static Forward forward(DataInputStream body) throws IOException {
    UUID target = Station.readId(body);
    Station from = Station.read(body);
    int hops = body.readUnsignedByte();
    List<UUID> visited = new ArrayList<>();
    for (int left = body.readUnsignedByte(); left > 0; left--) {
      visited.add(Station.readId(body));
    }
    return new Forward(target, from, hops, visited, body.readBoolean());
  }
}
