package io.dlion.core.peer;

import io.dlion.core.WorkerId;
import io.dlion.core.node.Outbox;
import io.dlion.core.peer.batches.Batches;
import io.dlion.core.peer.pace.Pace;
import io.dlion.core.peer.roster.Peer;
import io.dlion.core.peer.roster.Roster;
import io.dlion.core.peer.roster.Tally;
import io.dlion.core.report.Report.Severity;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Lets peers go. Confined to its node. */
final class Departures {
  private final Roster roster;
  private final Owners owners;
  private final Pace pace;
  private final Batches batches;
  private final Tally tally;
  private final Outbox outbox;

  /** Who has said goodbye and is still a member. */
  private final Set<WorkerId> departed = new HashSet<>();

  /**
   * Those who know something of a peer.
   *
   * @param gone forget a peer that has gone
   * @param derive derives neighbours without those that have gone
   * @param decide decides what may have waited for them
   */
  record Owners(List<Consumer<WorkerId>> gone, Runnable derive, Runnable decide) {}

  /** Nobody has gone. */
  Departures(Roster roster, Owners owners, Pace pace, Batches batches, Tally tally, Outbox outbox) {
    this.roster = roster;
    this.owners = owners;
    this.pace = pace;
    this.batches = batches;
    this.tally = tally;
    this.outbox = outbox;
  }

  /**
   * These are members now.
   *
   * @return those of them that have not said goodbye
   */
  Collection<WorkerId> changed(Set<WorkerId> members) {
    departed.retainAll(members);
    List<WorkerId> lost = roster.everybody().stream().filter(id -> !members.contains(id)).toList();
    lost.forEach(id -> outbox.notice(Severity.WARNING, "lost " + id));
    remove(lost, true);
    return members.stream().filter(id -> !departed.contains(id)).toList();
  }

  /**
   * A peer has said goodbye.
   *
   * @param redivide whether the others go on without it
   */
  void departed(WorkerId id, boolean redivide) {
    departed.add(id);
    remove(List.of(id), redivide);
  }

  /**
   * Those who go together are gone before neighbours are derived again: a topology without only
   * some of them, that never was, would make strangers of neighbours that stay.
   */
  private void remove(List<WorkerId> ids, boolean redivide) {
    List<Peer> gone = ids.stream().map(roster::remove).flatMap(Optional::stream).toList();
    ids.forEach(id -> owners.gone().forEach(owner -> owner.accept(id)));
    if (gone.isEmpty()) {
      return;
    }
    if (redivide) {
      owners.derive().run();
      Map<WorkerId, Long> last = new TreeMap<>();
      for (Peer peer : gone) {
        last.put(peer.id(), pace.ordered() ? peer.iteration() : tally.iteration() - 1);
      }
      batches.left(last);
    }
    owners.decide().run();
  }
}
