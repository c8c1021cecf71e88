package io.dlion.core.node;

import io.dlion.core.WorkerId;
import io.dlion.core.wire.GradientHeader;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The live peers of a node, in the order of their ids. Confined to its node. */
final class Roster {
  static final String SAMPLES_OF = "samples-of.";

  private final WorkerId self;
  private final SortedMap<WorkerId, Peer> live = new TreeMap<>();
  private final SortedMap<WorkerId, Peer> guests = new TreeMap<>();

  /** Those that were there before, and what is known of them. */
  private final SortedMap<WorkerId, Peer> gone = new TreeMap<>();

  private List<Peer> neighbours = List.of();
  private long foundSamples;

  Roster(WorkerId self) {
    this.self = self;
  }

  Collection<Peer> peers() {
    return live.values();
  }

  Set<WorkerId> ids() {
    return live.keySet();
  }

  @Nullable Peer find(WorkerId id) {
    return live.get(id);
  }

  /** Somebody has come, of whom it is not known yet how far it is. */
  void addGuest(WorkerId id) {
    guests.put(id, new Peer(id, -1));
  }

  /** Those who have come and do not take part yet. */
  List<WorkerId> guests() {
    return List.copyOf(guests.keySet());
  }

  /** Peers and guests. */
  List<WorkerId> everybody() {
    return Stream.concat(live.keySet().stream(), guests.keySet().stream()).toList();
  }

  boolean isGuest(WorkerId id) {
    return guests.containsKey(id);
  }

  /** A peer or a guest. */
  @Nullable Peer findAny(WorkerId id) {
    Peer peer = live.get(id);
    return peer != null ? peer : guests.get(id);
  }

  /** A guest takes part from now on, after an iteration. */
  void admit(WorkerId id, long after) {
    Peer peer = guests.remove(id);
    if (peer != null) {
      peer.begin(after);
      join(peer);
    }
  }

  /** Does something with a peer, if it is there. */
  void with(WorkerId id, Consumer<Peer> what) {
    Peer peer = findAny(id);
    if (peer != null) {
      what.accept(peer);
    }
  }

  /** A peer takes part from now on; it is not held to iterations before {@code iteration}. */
  Peer add(WorkerId id, long iteration) {
    Peer peer = new Peer(id, iteration);
    join(peer);
    return peer;
  }

  private void join(Peer peer) {
    Peer before = gone.remove(peer.id);
    peer.samples = before == null ? 0 : before.samples;
    live.put(peer.id, peer);
  }

  Optional<Peer> remove(WorkerId id) {
    guests.remove(id);
    Optional<Peer> peer = Optional.ofNullable(live.remove(id));
    peer.ifPresent(p -> gone.put(id, p));
    neighboursChanged();
    return peer;
  }

  /** The peers that gradients are exchanged with. */
  List<Peer> neighbours() {
    return neighbours;
  }

  /** Some peer has come, gone, or become a neighbour or no longer one. */
  void neighboursChanged() {
    neighbours = live.values().stream().filter(Peer::isNeighbour).toList();
  }

  /**
   * A gradient was applied; its sender may have left since it was sent.
   *
   * @return how many samples more it stands for than the one before
   */
  long applied(WorkerId id, GradientHeader header) {
    Peer peer = live.getOrDefault(id, gone.get(id));
    if (peer == null) {
      return 0;
    }
    boolean met = peer.isJustMet();
    long more = peer.applied(header);
    foundSamples += met ? more : 0;
    return more;
  }

  /** Number of live workers, this one included. */
  int workers() {
    return live.size() + 1;
  }

  /** Whether no live worker has a lesser id. */
  boolean selfIsLeast() {
    return live.isEmpty() || self.compareTo(live.firstKey()) < 0;
  }

  /** This worker's place among the live ones, in the order of ids. */
  int rank() {
    return live.headMap(self).size();
  }

  /** Those of {@link #samples} that peers had processed before this worker met them, or again. */
  long foundSamples() {
    return foundSamples;
  }

  /** Samples that peers have processed, those that left included. */
  long samples() {
    return Stream.concat(gone.values().stream(), live.values().stream())
        .mapToLong(peer -> peer.samples)
        .sum();
  }

  void save(Map<String, String> state) {
    gone.forEach((id, peer) -> state.put(SAMPLES_OF + id, Long.toString(peer.samples)));
    live.forEach((id, peer) -> state.put(SAMPLES_OF + id, Long.toString(peer.samples)));
  }

  /** Goes on with saved counts; to be called before peers are added. */
  void restore(Map<String, String> state) {
    state.forEach((key, samples) -> {
      if (key.startsWith(SAMPLES_OF)) {
        WorkerId id = new WorkerId(key.substring(SAMPLES_OF.length()));
        Peer peer = new Peer(id, -1);
        peer.samples = Long.parseLong(samples);
        gone.put(id, peer);
      }
    });
  }
}
