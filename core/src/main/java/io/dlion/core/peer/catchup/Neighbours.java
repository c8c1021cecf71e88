package io.dlion.core.peer.catchup;

import io.dlion.core.WorkerId;
import io.dlion.core.WorkerPair;
import io.dlion.core.peer.links.Links;
import io.dlion.core.peer.roster.Peer;
import io.dlion.core.peer.roster.Roster;
import io.dlion.core.peer.roster.Tally;
import io.dlion.core.topology.SiteTree;
import io.dlion.core.topology.Topology;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Knows which peers are neighbours, and in which group. Confined to its node. */
public final class Neighbours {
  private final Optional<SiteTree> ofThinLines;
  private final Roster roster;
  private final Links links;
  private final Tally tally;
  private Topology topology;
  private Set<WorkerPair> relayed = Set.of();
  private boolean started;

  /**
   * There are none so far.
   *
   * @param topology at first
   * @param ofThinLines what it turns into where lines are thin, if it may
   */
  public Neighbours(
      Topology topology, Optional<SiteTree> ofThinLines, Roster roster, Links links, Tally tally) {
    this.topology = topology;
    this.ofThinLines = ofThinLines;
    this.roster = roster;
    this.links = links;
    this.tally = tally;
  }

  /** Whether what arrives from one neighbour is passed on to others. */
  public boolean relay() {
    return topology.relays();
  }

  /** What the topology may turn into, where it has not yet. */
  public Optional<SiteTree> alternative() {
    return hasTurned() ? Optional.empty() : ofThinLines;
  }

  /** Whether the topology has turned into the one of thin lines. */
  public boolean hasTurned() {
    return ofThinLines.filter(topology::equals).isPresent();
  }

  /** Pairs without a direct line. */
  public Set<WorkerPair> relayed() {
    return relayed;
  }

  /** The topology is the one of thin lines from now on; neighbours are derived anew later. */
  public void turn() {
    ofThinLines.ifPresent(tree -> topology = tree);
  }

  /** These pairs have no direct line; neighbours are the same until they are derived again. */
  public void relayed(Set<WorkerPair> pairs) {
    relayed = pairs;
  }

  /**
   * The live members or their lines have changed, or are known for the first time.
   *
   * @return those that have become neighbours
   */
  public List<Peer> derive() {
    List<Peer> come = new ArrayList<>();
    SortedSet<WorkerId> members = new TreeSet<>(roster.ids());
    members.add(roster.self());
    SortedMap<String, SortedSet<WorkerId>> groups =
        topology.neighbours(roster.self(), members, relayed);
    Map<WorkerId, String> groupOf = new HashMap<>();
    groups.forEach((group, ids) -> ids.forEach(id -> groupOf.put(id, group)));
    links.groups(groups.keySet());
    for (Peer peer : roster.peers()) {
      String group = groupOf.get(peer.id());
      if (!Objects.equals(group, links.groupOf(peer.id()))) {
        if (!peer.isNeighbour()) {
          come.add(peer);
        }
        move(peer, group);
      }
    }
    roster.neighboursChanged();
    started = true;
    return come;
  }

  private void move(Peer peer, @Nullable String group) {
    links.close(peer.id());
    if (group == null) {
      peer.leavesNeighbours();
      return;
    }
    if (!peer.isNeighbour()) {
      // What it and those behind it did before has been heard of from others.
      boolean known = topology.relays() && (started || roster.hasSamplesOf(peer.id()));
      peer.becomesNeighbour(tally.iteration() - 1);
      roster.met(peer.id(), known);
    }
    links.open(peer.id(), group);
  }
}
