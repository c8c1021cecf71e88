package io.dlion.cluster.group;

import io.dlion.core.WorkerPair;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Which members reach each other only through others. Pure. */
public final class RelayedPairs {
  private RelayedPairs() {}

  /** As either of the two says. */
  public static Set<WorkerPair> among(List<Hello> members) {
    var names = members.stream().map(Hello::name).collect(Collectors.toSet());
    Set<WorkerPair> pairs = new HashSet<>();
    for (Hello member : members) {
      member.relayed().stream()
          .filter(peer -> names.contains(peer) && !peer.equals(member.name()))
          .forEach(peer -> pairs.add(new WorkerPair(member.name(), peer)));
    }
    return pairs;
  }
}
