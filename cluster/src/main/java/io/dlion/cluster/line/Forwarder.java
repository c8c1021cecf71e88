package io.dlion.cluster.line;

import io.dlion.cluster.cap.Allowance;
import java.io.IOException;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Forwards streams between stations that cannot reach each other, and knows for whom. Safe for
 * several threads.
 */
final class Forwarder {
  private static final int STREAMS_MAX = 512;

  private final Lines lines;
  private final Ways ways;
  private final PathWatch watch;
  private final Supplier<Allowance> allowance;
  private final Semaphore free = new Semaphore(STREAMS_MAX);
  private final Map<Pair, Integer> streams = new TreeMap<>(); // guarded by itself
  private Set<Pair> lately = Set.of(); // of the thread that tells, as the next
  private final Set<Pair> told = new TreeSet<>();

  /** Two names in their order. */
  record Pair(String one, String other) implements Comparable<Pair> {
    static Pair of(String one, String other) {
      return one.compareTo(other) < 0 ? new Pair(one, other) : new Pair(other, one);
    }

    @Override
    public int compareTo(Pair to) {
      int first = one.compareTo(to.one);
      return first == 0 ? other.compareTo(to.other) : first;
    }
  }

  /**
   * One that forwards nothing yet.
   *
   * @param allowance what it may send and take at present
   */
  Forwarder(Lines lines, Ways ways, PathWatch watch, Supplier<Allowance> allowance) {
    this.allowance = allowance;
    this.lines = lines;
    this.ways = ways;
    this.watch = watch;
  }

  /** For whom streams are forwarded. */
  Set<Pair> pairs() {
    synchronized (streams) {
      return new TreeSet<>(streams.keySet());
    }
  }

  /** Serves a caller until one of the two streams ends. */
  void forward(Connection caller, Opening.Forward wanted, Station self) throws IOException {
    if (!free.tryAcquire()) {
      Framing.refuse(caller.out(), self, "it forwards for too many already");
      return;
    }
    try {
      Remote target = lines.find(wanted.target());
      Socket there;
      try {
        there = ways.forwardTo(wanted, target, lines.neighbours());
      } catch (IOException e) {
        Framing.refuse(caller.out(), self, String.valueOf(e.getMessage()));
        return;
      }
      Framing.accept(caller.out(), self, List.of());
      caller.socket().setSoTimeout(0);
      there.setSoTimeout(0);
      splice(caller.socket(), there, pair(wanted, target));
    } finally {
      free.release();
    }
  }

  /** Named where both are neighbours: behind those there are others who know better. */
  private static @Nullable Pair pair(Opening.Forward wanted, @Nullable Remote target) {
    return target != null && wanted.lasting()
        ? Pair.of(wanted.from().name(), target.station().name())
        : null;
  }

  private void splice(Socket one, Socket other, @Nullable Pair pair) {
    if (pair != null) {
      count(pair, 1);
    }
    new Splice(one, other, allowance.get()).run();
    if (pair != null) {
      count(pair, -1);
    }
  }

  private void count(Pair pair, int more) {
    synchronized (streams) {
      streams.merge(pair, more, (a, b) -> a + b == 0 ? null : a + b);
    }
  }

  /**
   * Tells of pairs that are new since the last time, and still there; and of those that are gone.
   */
  void tell() {
    Set<Pair> now = pairs();
    for (Pair pair : now) {
      if (lately.contains(pair) && told.add(pair)) {
        watch.forwards(pair.one, pair.other, true);
      }
    }
    for (Pair pair : List.copyOf(told)) {
      if (!now.contains(pair) && !lately.contains(pair)) {
        told.remove(pair);
        watch.forwards(pair.one, pair.other, false);
      }
    }
    lately = now;
  }
}
