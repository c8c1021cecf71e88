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
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The live peers of a node, in the order of their ids. Confined to its node. */
final class Roster {
  private static final String SAMPLES_OF = "samples-of.";

  private final WorkerId self;
  private final SortedMap<WorkerId, Peer> live = new TreeMap<>();
  private final SortedMap<WorkerId, Long> samplesOfOthers = new TreeMap<>();

  private List<Peer> neighbours = List.of();

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

  /** Does something with a peer, if it is there. */
  void with(WorkerId id, Consumer<Peer> what) {
    Peer peer = live.get(id);
    if (peer != null) {
      what.accept(peer);
    }
  }

  /** A peer takes part from now on; it is not held to iterations before {@code iteration}. */
  Peer add(WorkerId id, long iteration) {
    Peer peer = new Peer(id, iteration);
    Long samples = samplesOfOthers.remove(id);
    peer.samples = samples == null ? 0 : samples;
    live.put(id, peer);
    return peer;
  }

  Optional<Peer> remove(WorkerId id) {
    Optional<Peer> peer = Optional.ofNullable(live.remove(id));
    peer.ifPresent(p -> samplesOfOthers.put(id, p.samples));
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

  /** The ids of the peers that gradients are exchanged with. */
  Set<WorkerId> neighbourIds() {
    return neighbours().stream().map(p -> p.id).collect(Collectors.toCollection(TreeSet::new));
  }

  /** A gradient was applied whose sender had left since it was sent. */
  void appliedOfOther(WorkerId id, GradientHeader header) {
    samplesOfOthers.put(id, header.samples());
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

  /** Samples that peers have processed, those that left included. */
  long samples() {
    return Stream.concat(
            samplesOfOthers.values().stream(), live.values().stream().map(p -> p.samples))
        .mapToLong(Long::longValue)
        .sum();
  }

  void save(Map<String, String> state) {
    samplesOfOthers.forEach((id, samples) -> state.put(SAMPLES_OF + id, samples.toString()));
    live.forEach((id, peer) -> state.put(SAMPLES_OF + id, Long.toString(peer.samples)));
  }

  /** Goes on with saved counts; to be called before peers are added. */
  void restore(Map<String, String> state) {
    state.forEach((key, samples) -> {
      if (key.startsWith(SAMPLES_OF)) {
        samplesOfOthers.put(
            new WorkerId(key.substring(SAMPLES_OF.length())), Long.valueOf(samples));
      }
    });
  }
}
