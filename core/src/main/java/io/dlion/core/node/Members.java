package io.dlion.core.node;

import io.dlion.core.WorkerId;
import io.dlion.core.report.Report.Severity;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Lets peers come and go. Confined to its node. */
final class Members {
  private final WorkerId self;
  private final Pace pace;
  private final Roster roster;
  private final Links links;
  private final Neighbours neighbours;
  private final KnowledgeDesk knowledge;
  private final Batches batches;
  private final Tally tally;
  private final Outbox outbox;

  /** Who has said goodbye and is still a member. */
  private final Set<WorkerId> departed = new HashSet<>();

  private long redivideFrom = Long.MAX_VALUE;

  Members(
      WorkerId self,
      Pace pace,
      Roster roster,
      Links links,
      Neighbours neighbours,
      KnowledgeDesk knowledge,
      Batches batches,
      Tally tally,
      Outbox outbox) {
    this.self = self;
    this.pace = pace;
    this.roster = roster;
    this.links = links;
    this.neighbours = neighbours;
    this.knowledge = knowledge;
    this.batches = batches;
    this.tally = tally;
    this.outbox = outbox;
  }

  /** These take part from the beginning. */
  void start(Set<WorkerId> members) {
    members.stream().filter(m -> !m.equals(self)).forEach(this::add);
    neighbours.derive();
  }

  /** These take part now. */
  void changed(Set<WorkerId> members) {
    departed.retainAll(members);
    for (WorkerId id : List.copyOf(roster.ids())) {
      if (!members.contains(id)) {
        outbox.notice(Severity.WARNING, "lost " + id);
        remove(id, true);
      }
    }
    for (WorkerId id : members.stream().sorted().toList()) {
      if (!id.equals(self) && roster.find(id) == null && !departed.contains(id)) {
        add(id);
        neighbours.derive();
        batches.redivide();
        batches.announceCost();
      }
    }
  }

  private void add(WorkerId id) {
    roster.add(id, tally.iteration - 1);
  }

  /**
   * A peer has said goodbye.
   *
   * @param redivide whether the others go on without it
   */
  void departed(WorkerId id, boolean redivide) {
    departed.add(id);
    remove(id, redivide);
  }

  private void remove(WorkerId id, boolean redivide) {
    Optional<Peer> peer = roster.remove(id);
    if (peer.isPresent()) {
      links.close(peer.get());
      knowledge.gone(id);
      if (redivide) {
        neighbours.derive();
        redivideFrom = pace.ordered() ? peer.get().iteration + 1 : tally.iteration;
        redivide();
      }
      knowledge.decide();
    }
  }

  /** An iteration was applied. */
  void iterationEnded() {
    redivide();
  }

  /**
   * Lets B follow the number of workers. Where replicas must stay equal, that waits until the last
   * gradient of the worker that left has been applied, which others may have done before they knew.
   */
  private void redivide() {
    if (tally.iteration >= redivideFrom) {
      redivideFrom = Long.MAX_VALUE;
      batches.redivide();
    }
  }
}
