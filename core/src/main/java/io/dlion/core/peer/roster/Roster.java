package io.dlion.core.peer.roster;

import io.dlion.core.WorkerId;
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

/**
 * The live peers of a node, in the order of their ids: those that take part, and guests, of whom it
 * is not known yet how far they are. Confined to its node.
 */
public final class Roster {
  /** Begins the keys of peers' samples in a saved state. */
  public static final String SAMPLES_OF = "samples-of.";

  private final WorkerId self;
  private final SortedMap<WorkerId, Peer> live = new TreeMap<>();
  private final SortedMap<WorkerId, Peer> guests = new TreeMap<>();

  /** Of all that take part or did. */
  private final SortedMap<WorkerId, SampleCount> counts = new TreeMap<>();

  private List<Peer> neighbours = List.of();
  private long foundSamples;

  /** Nobody is there. */
  public Roster(WorkerId self) {
    this.self = self;
  }

  /** This worker. */
  public WorkerId self() {
    return self;
  }

  /** Those that take part. */
  public Collection<Peer> peers() {
    return live.values();
  }

  /** The ids of those that take part. */
  public Set<WorkerId> ids() {
    return live.keySet();
  }

  /** A peer that takes part; null if there is none. */
  public @Nullable Peer find(WorkerId id) {
    return live.get(id);
  }

  /** A worker has come, of whom it is not known yet how far it is. */
  public void addGuest(WorkerId id) {
    guests.put(id, new Peer(id, -1));
  }

  /** Those who have come and do not take part yet. */
  public List<WorkerId> guests() {
    return List.copyOf(guests.keySet());
  }

  /** Peers and guests. */
  public List<WorkerId> everybody() {
    return Stream.concat(live.keySet().stream(), guests.keySet().stream()).toList();
  }

  /** Whether a worker has come and does not take part yet. */
  public boolean isGuest(WorkerId id) {
    return guests.containsKey(id);
  }

  /** A peer or a guest; null if there is none. */
  public @Nullable Peer findAny(WorkerId id) {
    Peer peer = live.get(id);
    return peer != null ? peer : guests.get(id);
  }

  /** A guest takes part from now on, after an iteration. */
  public void admit(WorkerId id, long after) {
    Peer peer = guests.remove(id);
    if (peer != null) {
      peer.begin(after);
      live.put(id, peer);
    }
  }

  /** Does something with a peer or a guest, if it is there. */
  public void with(WorkerId id, Consumer<Peer> what) {
    Peer peer = findAny(id);
    if (peer != null) {
      what.accept(peer);
    }
  }

  /** A peer takes part from now on; it is not held to iterations before {@code iteration}. */
  public Peer add(WorkerId id, long iteration) {
    Peer peer = new Peer(id, iteration);
    live.put(id, peer);
    return peer;
  }

  /** A worker has gone; returns it if it took part. */
  public Optional<Peer> remove(WorkerId id) {
    guests.remove(id);
    Optional<Peer> peer = Optional.ofNullable(live.remove(id));
    neighboursChanged();
    return peer;
  }

  /** The peers that gradients are exchanged with. */
  public List<Peer> neighbours() {
    return neighbours;
  }

  /** Some peer has come, gone, or become a neighbour or no longer one. */
  public void neighboursChanged() {
    neighbours = live.values().stream().filter(Peer::isNeighbour).toList();
  }

  /** Number of live workers, this one included. */
  public int workers() {
    return live.size() + 1;
  }

  /** Whether no live worker has a lesser id. */
  public boolean selfIsLeast() {
    return live.isEmpty() || self.compareTo(live.firstKey()) < 0;
  }

  /** This worker's place among the live ones, in the order of ids. */
  public int rank() {
    return live.headMap(self).size();
  }

  // ---- samples

  /** Gradients are exchanged with a peer from now on, see {@link SampleCount#met}. */
  public void met(WorkerId id, boolean known) {
    count(id).met(known);
  }

  /**
   * A message was applied that tells how many samples its sender, who may have left since, has
   * processed.
   *
   * @return how many samples more these are than before
   */
  public long applied(WorkerId id, long total) {
    if (!live.containsKey(id) && !counts.containsKey(id)) {
      return 0;
    }
    SampleCount count = count(id);
    boolean met = count.isJustMet();
    long more = count.applied(total);
    foundSamples += met ? more : 0;
    return more;
  }

  private SampleCount count(WorkerId id) {
    return counts.computeIfAbsent(id, i -> new SampleCount(0));
  }

  /** Whether samples of a peer have been counted. */
  public boolean hasSamplesOf(WorkerId id) {
    SampleCount count = counts.get(id);
    return count != null && count.samples() > 0;
  }

  /** Those of {@link #samples} that peers had processed before this worker met them, or again. */
  public long foundSamples() {
    return foundSamples;
  }

  /** Samples that peers have processed, those that left included. */
  public long samples() {
    return counts.values().stream().mapToLong(SampleCount::samples).sum();
  }

  /** Adds the counts of samples to a saved state. */
  public void save(Map<String, String> state) {
    counts.forEach((id, count) -> state.put(SAMPLES_OF + id, Long.toString(count.samples())));
  }

  /** Resumes with saved counts; to be called before peers are added. */
  public void restore(Map<String, String> state) {
    state.forEach((key, samples) -> {
      if (key.startsWith(SAMPLES_OF)) {
        WorkerId id = new WorkerId(key.substring(SAMPLES_OF.length()));
        counts.put(id, new SampleCount(Long.parseLong(samples)));
      }
    });
  }
}
