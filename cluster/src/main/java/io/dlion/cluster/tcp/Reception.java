package io.dlion.cluster.tcp;

import io.dlion.cluster.cap.Allowance;
import io.dlion.cluster.group.Hello;
import io.dlion.cluster.group.SealedHellos;
import io.dlion.cluster.link.Piece;
import io.dlion.cluster.transport.ChannelPair;
import io.dlion.cluster.transport.Speakers;
import io.dlion.core.WorkerId;
import io.dlion.core.wire.MalformedMessageException;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;
import org.jgroups.Address;
import org.jgroups.Message;
import org.jgroups.View;

/**
 * Takes in what arrives on the two channels, and brings each message to whom it is for. Only
 * members are heard; everybody else can introduce itself.
 *
 * <p>Each part of a large message is acknowledged to its sender once it is taken in ({@link
 * Piece.Kind#RECEIVED}): that is what a link is measured by. Where this worker may take only so
 * much, receipts wait their turn, as if a thinner line had brought the parts.
 */
final class Reception implements ChannelPair.Listener {
  private static final int MALFORMED_MAX = 1000;

  private final Company company;
  private final Membership membership;
  private final SealedHellos hellos;
  private final Speakers speakers;
  private final RoundTrips roundTrips;
  private final Sender sender;
  private final Allowance allowance;
  private final Set<Malformed> malformed = new HashSet<>(); // guarded by itself

  private record Malformed(Address from, String why) {}

  Reception(
      Company company,
      Membership membership,
      SealedHellos hellos,
      Speakers speakers,
      RoundTrips roundTrips,
      Sender sender,
      Allowance allowance) {
    this.company = company;
    this.membership = membership;
    this.hellos = hellos;
    this.speakers = speakers;
    this.roundTrips = roundTrips;
    this.sender = sender;
    this.allowance = allowance;
  }

  @Override
  public void failed(Throwable reason) {
    membership.deliver(h -> h.failed(reason));
  }

  @Override
  public void controlView(View view) {
    membership.update(a -> a.controlView(Directory.uuids(view)));
  }

  @Override
  public void bulkView(View view) {
    membership.update(a -> a.bulkView(Directory.uuids(view)));
  }

  // ---- small messages

  @Override
  public void control(Message message) {
    ByteBuffer bytes =
        ByteBuffer.wrap(message.getArray(), message.getOffset(), message.getLength());
    Address from = message.src();
    allowance.chargeDownload(Allowance.onWire(message.getLength()));
    Tag tag = Tag.read(bytes);
    if (tag == null) {
      notUnderstood(from, "an unknown kind of message");
      return;
    }
    switch (tag) {
      case HELLO -> hello(from, bytes);
      case NODE, PING, PONG, MODEL_TAKEN, INITIAL_WEIGHTS_REQUEST -> ofMember(tag, from, bytes);
    }
  }

  private void ofMember(Tag tag, Address from, ByteBuffer bytes) {
    WorkerId id = membership.member(from);
    if (id == null) {
      return;
    }
    switch (tag) {
      case NODE ->
          membership.deliver(h ->
              h.control(
                  id, bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining()));
      case PING -> sender.send(from, Tag.PONG, remaining(bytes), bytes.remaining(), true);
      case PONG -> {
        if (bytes.remaining() == Long.BYTES) {
          roundTrips.add(id, Math.max(0, System.nanoTime() - bytes.getLong()));
        }
      }
      case MODEL_TAKEN -> company.modelTaken(id);
      case INITIAL_WEIGHTS_REQUEST -> company.initialWeightsWanted(id);
      default -> throw new IllegalArgumentException(tag.name());
    }
  }

  private static byte[] remaining(ByteBuffer bytes) {
    byte[] copy = new byte[bytes.remaining()];
    bytes.duplicate().get(copy);
    return copy;
  }

  private void hello(Address from, ByteBuffer message) {
    try {
      Hello hello = hellos.open(message);
      requireOwn(from, hello);
      requireOwn(Directory.address(hello.bulk()), hello);
      membership.update(a -> a.greeted(Directory.uuid(from), hello));
    } catch (MalformedMessageException e) {
      notUnderstood(from, String.valueOf(e.getMessage()));
    }
  }

  /** An address is a worker's if it says so and has its certificate; nobody has two owners. */
  private void requireOwn(Address address, Hello hello) throws MalformedMessageException {
    WorkerId owner = membership.known().byAddress().get(address);
    boolean taken = owner != null && !owner.equals(hello.name());
    if (taken || !speakers.mayBe(address, hello.name())) {
      throw new MalformedMessageException(
          "it calls itself " + hello.name() + " at an address that is another's");
    }
  }

  private void notUnderstood(Address from, String why) {
    boolean first;
    synchronized (malformed) {
      first = malformed.size() < MALFORMED_MAX && malformed.add(new Malformed(from, why));
    }
    if (first) {
      company.notUnderstood(String.valueOf(from), why);
    }
  }

  // ---- large messages

  @Override
  public void bulk(Message message) {
    WorkerId from = membership.member(message.src());
    Piece piece =
        message.getLength() < Piece.BYTES
            ? null
            : Piece.decode(message.getArray(), message.getOffset(), Piece.BYTES);
    if (from == null || piece == null) {
      return;
    }
    byte[] bytes = message.getArray();
    int offset = message.getOffset() + Piece.BYTES;
    int length = message.getLength() - Piece.BYTES;
    switch (piece.kind()) {
      case DATA -> part(from, piece, bytes, offset, length);
      case MODEL -> {
        awaitAllowance(message.getLength());
        company.model(from, piece, bytes, offset, length);
      }
      case INITIAL_WEIGHTS -> {
        awaitAllowance(message.getLength());
        company.initialWeights(from, piece, bytes, offset, length);
      }
      case CONSUMED, RECEIVED -> {} // come on the other channel
    }
  }

  private void part(WorkerId from, Piece piece, byte[] bytes, int offset, int length) {
    byte[] receipt = piece.received(length).encode();
    membership.deliver(h -> {
      h.bulk(from, piece, bytes, offset, length);
      allowance.afterDownload(
          from,
          Allowance.onWire(Piece.BYTES + length),
          () -> sender.send(from, Tag.NODE, receipt, receipt.length));
    });
  }

  /**
   * No receipts are given for models: while this thread waits, nothing else of this sender is taken
   * in, and JGroups keeps back what it would send.
   */
  private void awaitAllowance(int length) {
    try {
      allowance.takeDownload(Allowance.onWire(length));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the channels close
    }
  }
}
