package io.dlion.core.node;

import io.dlion.core.WorkerId;
import io.dlion.core.topology.Topology;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Knows which peers are neighbours, and in which group. Confined to its node. */
final class Neighbours {
  private final WorkerId self;
  private final Topology topology;
  private final Roster roster;
  private final Links links;
  private final Tally tally;
  private boolean started;

  Neighbours(WorkerId self, Topology topology, Roster roster, Links links, Tally tally) {
    this.self = self;
    this.topology = topology;
    this.roster = roster;
    this.links = links;
    this.tally = tally;
  }

  /**
   * The live members have changed, or are known for the first time.
   *
   * @return those that have become neighbours
   */
  List<Peer> derive() {
    List<Peer> come = new ArrayList<>();
    SortedSet<WorkerId> members = new TreeSet<>(roster.ids());
    members.add(self);
    SortedMap<String, SortedSet<WorkerId>> groups = topology.neighbours(self, members);
    Map<WorkerId, String> groupOf = new HashMap<>();
    groups.forEach((group, ids) -> ids.forEach(id -> groupOf.put(id, group)));
    links.groups(groups.keySet());
    for (Peer peer : roster.peers()) {
      String group = groupOf.get(peer.id);
      if (!Objects.equals(group, peer.group)) {
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
    boolean before = peer.isNeighbour();
    if (before) {
      links.close(peer);
    }
    peer.group = group;
    if (group == null) {
      return;
    }
    if (!before) {
      // What it and those behind it did before has been heard of elsewhere.
      boolean known = topology.relays() && (started || peer.samples > 0);
      peer.becomesNeighbour(tally.iteration - 1, known);
    }
    links.open(peer);
  }
}
