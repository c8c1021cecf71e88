package io.dlion.cluster.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlion.cluster.cap.Allowance;
import io.dlion.cluster.cap.Caps;
import io.dlion.cluster.group.Hello;
import io.dlion.cluster.line.FreePort;
import io.dlion.cluster.line.Switchboard;
import io.dlion.cluster.line.Whereabouts;
import io.dlion.cluster.link.BufferPool;
import io.dlion.cluster.link.Channels;
import io.dlion.cluster.link.PacedFlow;
import io.dlion.cluster.link.PeerLink;
import io.dlion.cluster.link.Piece;
import io.dlion.cluster.link.SharedPayload;
import io.dlion.cluster.transport.SeedHosts;
import io.dlion.cluster.transport.TcpStack;
import io.dlion.core.WorkerId;
import io.dlion.core.node.Priority;
import io.dlion.core.wire.Payload;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A worker with a cap and two without, which send each other all they can over this machine's
 * loopback. How much passes at most is certain on a busy machine, too; how much at least is so
 * little that such a machine can do it.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CappedChannelsTest {
  private static final double CAP_MBIT = 4;
  private static final double BYTES_PER_MBIT = 125_000;
  private static final int MESSAGE_BYTES = 150_000;

  /** A peer that had to wait behind what lies in buffers would be told after seconds. */
  private static final double ROUND_TRIP_NANOS_MAX = 0.4e9;

  private final List<Peer> peers = new ArrayList<>();

  /** Sends to its peers all the time, and counts what comes. */
  private static final class Peer implements Channels.Handler, PeerLink.Listener {
    final WorkerId self;
    final Switchboard lines;
    final TcpChannels channels;
    final BufferPool pool = new BufferPool();
    final Map<WorkerId, PeerLink> links = new ConcurrentHashMap<>();
    final Map<WorkerId, AtomicLong> wireBytes = new ConcurrentHashMap<>();
    volatile Set<WorkerId> members = Set.of();

    Peer(String name, InetSocketAddress bind, InetSocketAddress seed, Allowance allowance)
        throws Exception {
      self = new WorkerId(name);
      SeedHosts seeds = SeedHosts.parse(seed.getAddress().getHostAddress() + ":" + seed.getPort());
      lines = new Switchboard(name, Whereabouts.at(bind), Optional.empty());
      lines.open();
      channels =
          new TcpChannels(
              self,
              new TcpStack(lines, seeds, _ -> {}),
              Optional.empty(),
              new LinkBenchmark.Silent(),
              allowance);
      channels.connect(
          "caps",
          (control, bulk) ->
              new Hello(
                  Hello.Role.WORKER,
                  new Hello.Identity(self, "", control, bulk),
                  Map.of(),
                  new Hello.Data("", 0),
                  new Hello.State(0, 0, Optional.empty(), 0),
                  new Hello.Meeting(0, true)));
      channels.open(this);
    }

    /** Sends from now on. */
    void send(WorkerId to, Allowance allowance) {
      PeerLink link =
          new PeerLink(
              new PeerLink.Ends(self, to),
              channels::sendBulk,
              this,
              new PacedFlow(allowance),
              0.2,
              0);
      links.put(to, link);
      ready(to, Priority.GRADIENT);
      ready(to, Priority.GRADIENT);
    }

    long wireBytes(WorkerId from) {
      return wireBytes.computeIfAbsent(from, f -> new AtomicLong()).get();
    }

    @Override
    public void control(WorkerId from, byte[] bytes, int offset, int length) {
      Piece piece = Piece.decode(bytes, offset, length);
      PeerLink link = links.get(from);
      if (piece != null && link != null) {
        if (piece.kind() == Piece.Kind.RECEIVED) {
          link.received(piece);
        } else {
          link.consumed(piece.message());
        }
      }
    }

    @Override
    public void bulk(WorkerId from, Piece piece, byte[] bytes, int offset, int length) {
      wireBytes
          .computeIfAbsent(from, f -> new AtomicLong())
          .addAndGet(Allowance.onWire(Piece.BYTES + length));
      if (piece.offset() + length == piece.total()) {
        byte[] done =
            new Piece(Piece.Kind.CONSUMED, Priority.CONTROL, piece.message(), 0, 0).encode();
        channels.sendControl(from, done, done.length);
      }
    }

    @Override
    public void members(Set<WorkerId> now) {
      members = now;
    }

    @Override
    public void failed(Throwable reason) {
      throw new IllegalStateException(reason);
    }

    @Override
    public void ready(WorkerId peer, Priority priority) {
      PeerLink link = links.get(peer);
      if (link != null) {
        Payload message = new Payload(pool.take(MESSAGE_BYTES), MESSAGE_BYTES);
        link.enqueue(Priority.GRADIENT, new SharedPayload(message, 1, pool));
      }
    }

    @Override
    public void measured(WorkerId peer, double bytesPerSecond) {}

    @Override
    public void failed(WorkerId peer, Throwable reason) {}
  }

  private Peer peer(
      String name, InetSocketAddress bind, InetSocketAddress seed, Allowance allowance)
      throws Exception {
    Peer made = new Peer(name, bind, seed, allowance);
    peers.add(made);
    return made;
  }

  @AfterEach
  void close() {
    peers.forEach(p -> p.links.values().forEach(PeerLink::close));
    peers.forEach(p -> p.channels.close());
    peers.forEach(p -> p.lines.close());
  }

  private static void await(BooleanSupplier what) {
    while (!what.getAsBoolean()) {
      LockSupport.parkNanos(10_000_000);
    }
  }

  @Test
  void aCapHoldsInBothDirectionsAndPeersShareIt() throws Exception {
    Allowance capped =
        Allowance.of(
            Caps.parse(Optional.of(Double.toString(CAP_MBIT)), Optional.empty(), List.of()));
    InetSocketAddress seed = FreePort.address();
    Peer one = peer("w1", seed, seed, capped);
    Peer two = peer("w2", FreePort.address(), seed, Allowance.NONE);
    Peer three = peer("w3", FreePort.address(), seed, Allowance.NONE);
    Set<WorkerId> all = Set.of(one.self, two.self, three.self);
    await(() -> peers.stream().allMatch(p -> p.members.equals(all)));
    for (Peer other : List.of(two, three)) {
      one.send(other.self, capped);
      other.send(one.self, Allowance.NONE);
    }

    // Until all have found out what they get: some seconds, longer where the machine is busy.
    long settled = (long) (CAP_MBIT * BYTES_PER_MBIT * 4);
    await(() -> one.wireBytes(two.self) + one.wireBytes(three.self) > settled);
    await(() -> two.wireBytes(one.self) + three.wireBytes(one.self) > settled);
    long[] before = counts(one, two, three);
    long begun = System.nanoTime();
    double roundTripNanosMax = 0;
    while (System.nanoTime() - begun < 8_000_000_000L) {
      LockSupport.parkNanos(200_000_000);
      roundTripNanosMax = Math.max(roundTripNanosMax, two.channels.roundTripNanos(one.self));
    }
    double seconds = (System.nanoTime() - begun) / 1e9;
    long[] after = counts(one, two, three);

    double[] mbit = new double[after.length];
    for (int i = 0; i < mbit.length; i++) {
      mbit[i] = (after[i] - before[i]) / seconds / BYTES_PER_MBIT;
    }
    assertThat(mbit[0] + mbit[1]).as("sent").isBetween(0.6 * CAP_MBIT, 1.05 * CAP_MBIT);
    assertThat(mbit[2] + mbit[3]).as("taken").isBetween(0.6 * CAP_MBIT, 1.15 * CAP_MBIT);
    for (double each : mbit) {
      assertThat(each).as("a link's share").isGreaterThan(0.2 * CAP_MBIT);
    }
    for (Peer other : List.of(two, three)) {
      double measured =
          Objects.requireNonNull(one.links.get(other.self)).bytesPerSecond() / BYTES_PER_MBIT;
      assertThat(measured).as("measured").isBetween(0.2 * CAP_MBIT, 0.8 * CAP_MBIT);
    }
    assertThat(roundTripNanosMax).as("round trip").isBetween(1.0, ROUND_TRIP_NANOS_MAX);
  }

  /** What has come on the links out of the first, and into it. */
  private static long[] counts(Peer one, Peer two, Peer three) {
    return new long[] {
      two.wireBytes(one.self),
      three.wireBytes(one.self),
      one.wireBytes(two.self),
      one.wireBytes(three.self)
    };
  }
}
