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
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The live peers of a node, in the order of their ids. Confined to its node. */
final class Roster {
  static final String SAMPLES_OF = "samples-of.";

  private final WorkerId self;
  private final SortedMap<WorkerId, Peer> live = new TreeMap<>();
  private final SortedMap<WorkerId, Peer> guests = new TreeMap<>();
  private final SortedMap<WorkerId, Long> samplesOfOthers = new TreeMap<>();

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
    Long samples = samplesOfOthers.remove(peer.id);
    peer.samples = samples == null ? 0 : samples;
    live.put(peer.id, peer);
  }

  Optional<Peer> remove(WorkerId id) {
    guests.remove(id);
    Optional<Peer> peer = Optional.ofNullable(live.remove(id));
    peer.ifPresent(p -> samplesOfOthers.put(id, p.samples));
    return peer;
  }

  /** A gradient was applied; its sender may have left since it was sent. */
  void applied(WorkerId id, GradientHeader header) {
    Peer peer = live.get(id);
    if (peer != null) {
      peer.applied(header);
    } else {
      samplesOfOthers.put(id, header.samples());
    }
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

  /** The peers for which the condition holds. */
  List<WorkerId> those(Predicate<Peer> condition) {
    return live.values().stream().filter(condition).map(p -> p.id).toList();
  }
}
