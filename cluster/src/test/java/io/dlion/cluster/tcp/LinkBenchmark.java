package io.dlion.cluster.tcp;

import io.dlion.cluster.cap.Allowance;
import io.dlion.cluster.group.Acquaintances;
import io.dlion.cluster.group.Encodings;
import io.dlion.cluster.group.Hello;
import io.dlion.cluster.line.Switchboard;
import io.dlion.cluster.line.Whereabouts;
import io.dlion.cluster.link.BufferPool;
import io.dlion.cluster.link.Channels;
import io.dlion.cluster.link.PacedFlow;
import io.dlion.cluster.link.PeerLink;
import io.dlion.cluster.link.Piece;
import io.dlion.cluster.link.SharedPayload;
import io.dlion.cluster.security.Credentials;
import io.dlion.cluster.security.Security;
import io.dlion.cluster.transport.SeedHosts;
import io.dlion.cluster.transport.TcpStack;
import io.dlion.core.WorkerId;
import io.dlion.core.node.Priority;
import io.dlion.core.wire.Payload;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * Measures links between processes: {@code LinkBenchmark NAME BIND SEED CERTS SECONDS BYTES ALL
 * [TO]}, with the certificates in CERTS, or without where that is "-". Each process sends messages
 * of so many bytes one after the other to the workers named in TO (w2+w3), and a hundred control
 * messages a second to each of ALL; it prints what it has received. The clock of one machine serves
 * all its processes, so control messages are timed one way.
 */
final class LinkBenchmark implements Channels.Handler {
  private static final long WARM_UP_NANOS = 3_000_000_000L;
  private static final long CONTROL_EVERY_NANOS = 10_000_000;

  private final WorkerId self;
  private final Map<WorkerId, Received> received = new ConcurrentHashMap<>();
  private final Map<WorkerId, PeerLink> links = new ConcurrentHashMap<>();
  private volatile Set<WorkerId> members = Set.of();
  private final int messageBytes;
  private final BufferPool pool = new BufferPool();
  private final TcpChannels channels;

  /** What came from a peer since the warm-up. */
  private static final class Received {
    long begun;
    long last;
    long bytes;
    final List<Long> delays = new ArrayList<>();

    synchronized void bulk(long now, int length) {
      if (begun == 0) {
        begun = now;
      }
      if (now - begun > WARM_UP_NANOS) {
        bytes += length;
        last = now;
      }
    }

    synchronized void control(long now, long sent) {
      if (begun == 0 || now - begun > WARM_UP_NANOS) {
        delays.add(now - sent);
      }
    }

    synchronized String text() {
      long[] sorted = delays.stream().mapToLong(Long::longValue).sorted().toArray();
      double seconds = (last - begun - WARM_UP_NANOS) / 1e9;
      double rate = seconds > 0 ? bytes / seconds : 0;
      return sorted.length == 0
          ? "nothing"
          : String.format(
              Locale.ROOT,
              "%.2f Mbit/s (%.0f MB/s), control one way p50 %.2f ms, p99 %.2f ms, max %.1f ms of"
                  + " %d",
              rate * 8 / 1e6,
              rate / 1e6,
              sorted[sorted.length / 2] / 1e6,
              sorted[(int) (sorted.length * 0.99)] / 1e6,
              sorted[sorted.length - 1] / 1e6,
              sorted.length);
    }
  }

  private LinkBenchmark(String name, String bind, String seed, String certs, int messageBytes)
      throws Exception {
    self = new WorkerId(name);
    this.messageBytes = messageBytes;
    InetSocketAddress address = SeedHosts.address("BIND", bind);
    Optional<Security> security =
        certs.equals("-")
            ? Optional.empty()
            : Optional.of(Security.of(Credentials.load(Path.of(certs))));
    Switchboard lines = new Switchboard(name, Whereabouts.at(address), security);
    lines.open();
    channels =
        new TcpChannels(
            self,
            new TcpStack(lines, SeedHosts.parse(seed), System.err::println),
            security,
            new Silent(),
            Allowance.NONE);
    channels.connect(
        "benchmark",
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

  /** Measures; prints to standard output. */
  public static void main(String[] args) throws Exception {
    LinkBenchmark benchmark =
        new LinkBenchmark(args[0], args[1], args[2], args[3], Integer.parseInt(args[5]));
    benchmark.run(
        Integer.parseInt(args[4]), ids(args[6]), args.length > 7 ? ids(args[7]) : Set.of());
    System.exit(0);
  }

  private static Set<WorkerId> ids(String names) {
    Set<WorkerId> ids = new TreeSet<>();
    Arrays.stream(names.split("\\+")).forEach(n -> ids.add(new WorkerId(n)));
    return ids;
  }

  private void run(int seconds, Set<WorkerId> all, Set<WorkerId> to) {
    while (!members.containsAll(all)) {
      LockSupport.parkNanos(1_000_000);
    }
    for (WorkerId peer : to) {
      PeerLink link =
          new PeerLink(
              new PeerLink.Ends(self, peer),
              channels::sendBulk,
              new Refill(),
              new PacedFlow(Allowance.NONE),
              0.2,
              0);
      links.put(peer, link);
      enqueue(link);
      enqueue(link);
    }
    long end = System.nanoTime() + seconds * 1_000_000_000L;
    long told = System.nanoTime();
    for (long now = System.nanoTime(); now < end; now = System.nanoTime()) {
      byte[] time = ByteBuffer.allocate(40).putLong(now).array();
      all.stream().filter(p -> !p.equals(self)).forEach(p -> channels.sendControl(p, time, 40));
      if (now - told > 2_000_000_000L) {
        told = now;
        links.forEach((peer, link) ->
            System.out.printf(
                Locale.ROOT,
                "%s to %s: measured %.2f Mbit/s%n",
                self,
                peer,
                link.bytesPerSecond() * 8 / 1e6));
      }
      LockSupport.parkNanos(CONTROL_EVERY_NANOS);
    }
    received.forEach((peer, r) -> System.out.println(self + " from " + peer + ": " + r.text()));
    System.out.flush();
  }

  private void enqueue(PeerLink link) {
    link.enqueue(
        Priority.GRADIENT,
        new SharedPayload(new Payload(pool.take(messageBytes), messageBytes), 1, pool));
  }

  @Override
  public void control(WorkerId from, byte[] bytes, int offset, int length) {
    Piece piece = Piece.decode(bytes, offset, length);
    PeerLink link = links.get(from);
    if (piece == null) {
      received
          .computeIfAbsent(from, f -> new Received())
          .control(System.nanoTime(), ByteBuffer.wrap(bytes, offset, length).getLong());
    } else if (link != null && piece.kind() == Piece.Kind.RECEIVED) {
      link.received(piece);
    } else if (link != null) {
      link.consumed(piece.message());
    }
  }

  @Override
  public void bulk(WorkerId from, Piece piece, byte[] bytes, int offset, int length) {
    received.computeIfAbsent(from, f -> new Received()).bulk(System.nanoTime(), length);
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

  private final class Refill implements PeerLink.Listener {
    @Override
    public void ready(WorkerId peer, Priority priority) {
      PeerLink link = links.get(peer);
      if (link != null) {
        enqueue(link);
      }
    }

    @Override
    public void measured(WorkerId peer, double bytesPerSecond) {}

    @Override
    public void failed(WorkerId peer, Throwable reason) {
      System.out.println(self + " to " + peer + " failed: " + reason);
    }
  }

  static final class Silent implements Company {
    @Override
    public void changed(List<Hello> members, boolean awaitsElder) {}

    @Override
    public void refused(Acquaintances.Refusal refusal) {
      System.out.println(refusal);
    }

    @Override
    public void doubted(String why) {
      System.out.println(why);
    }

    @Override
    public void notUnderstood(String who, String why) {
      System.out.println(who + ": " + why);
    }

    @Override
    public Encodings encodings() {
      return Encodings.none();
    }

    @Override
    public long elapsedNanos() {
      return 0;
    }

    @Override
    public void model(WorkerId from, Piece piece, byte[] bytes, int offset, int length) {}

    @Override
    public void initialWeights(WorkerId from, Piece piece, byte[] bytes, int offset, int length) {}

    @Override
    public void initialWeightsWanted(WorkerId by) {}

    @Override
    public void modelTaken(WorkerId by) {}
  }
}
