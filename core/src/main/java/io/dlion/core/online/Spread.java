package io.dlion.core.online;

import io.dlion.core.WorkerId;
import io.dlion.core.wire.StreamNews;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which messages are in whose model, as far as workers tell each other. Without a server each
 * worker counts the messages of each other that its model has learned from. With a server it tells
 * the version of the global model that it holds, and knows from the server's answers which version
 * has its own commits. Confined to its node.
 */
final class Spread {
  private static final long NOTHING = -1;

  private final WorkerId self;
  private final boolean server;
  private final boolean relays;
  private final Map<String, Long> learned = new TreeMap<>();
  private final Map<WorkerId, StreamNews> news = new HashMap<>();
  private final Deque<Acknowledged> acknowledged = new ArrayDeque<>();
  private Set<WorkerId> peers = new TreeSet<>();
  private long newest = NOTHING;
  private long applied = NOTHING;
  private long version = NOTHING;

  /** Own commits up to a number are in a version of the global model. */
  private record Acknowledged(long number, long version) {}

  /**
   * Nothing is known.
   *
   * @param server whether commits go to a server
   * @param relays whether workers hand on what they get from others
   */
  Spread(WorkerId self, boolean server, boolean relays) {
    this.self = self;
    this.server = server;
    this.relays = relays;
  }

  void members(Set<WorkerId> all) {
    peers = new TreeSet<>(all);
    peers.remove(self);
    news.keySet().retainAll(peers);
  }

  Set<WorkerId> peers() {
    return peers;
  }

  /** The last news of each peer that is there. */
  Map<WorkerId, StreamNews> news() {
    return news;
  }

  // ---- what this worker does

  /** A message with this number leaves; returns whether there was none of it before. */
  boolean sends(long number) {
    boolean first = number > newest;
    newest = Math.max(newest, number);
    return first;
  }

  /** Own gradients up to this number are in the own weights. */
  void applied(long number) {
    applied = Math.max(applied, number);
  }

  /** A peer's message was learned from. */
  void learned(WorkerId peer, long number) {
    learned.put(peer.name(), number);
    StreamNews told = news.get(peer);
    if (relays && told != null && number > told.number()) {
      told.learned().forEach((worker, of) -> learned.merge(worker, of, Math::max));
    }
  }

  /** This worker holds, or serves, a version of a global model. */
  void holds(long globalVersion) {
    version = Math.max(version, globalVersion);
  }

  /** Own commits up to a number are in a version. */
  void acknowledged(long number, long inVersion) {
    if (acknowledged.isEmpty() || acknowledged.getLast().number < number) {
      acknowledged.add(new Acknowledged(number, inVersion));
    }
  }

  // ---- what others tell

  void heard(WorkerId peer, StreamNews told) {
    if (peers.contains(peer)) {
      news.put(peer, told);
    }
  }

  /** The own message up to which a peer has learned from this worker, as it told. */
  static OptionalLong of(WorkerId worker, StreamNews told) {
    Long number = told.learned().get(worker.name());
    return number == null ? OptionalLong.empty() : OptionalLong.of(number);
  }

  /** The number up to which all live workers' models have own messages; -1 for none. */
  long everywhere() {
    return server ? everywhereByVersion() : everywhereByNumber();
  }

  private long everywhereByNumber() {
    long least = applied;
    for (WorkerId peer : peers) {
      StreamNews told = news.get(peer);
      least = Math.min(least, told == null ? NOTHING : of(self, told).orElse(NOTHING));
    }
    return least;
  }

  private long everywhereByVersion() {
    long least = version;
    for (WorkerId peer : peers) {
      StreamNews told = news.get(peer);
      least = Math.min(least, told == null ? NOTHING : told.version());
    }
    long number = NOTHING;
    while (!acknowledged.isEmpty() && acknowledged.element().version <= least) {
      number = acknowledged.remove().number;
    }
    return number;
  }

  long newest() {
    return newest;
  }

  long version() {
    return version;
  }

  Map<String, Long> learned() {
    return learned;
  }
}
