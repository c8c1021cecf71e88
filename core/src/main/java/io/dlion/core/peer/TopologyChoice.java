package io.dlion.core.peer;

import io.dlion.core.WorkerId;
import io.dlion.core.node.Outbox;
import io.dlion.core.peer.catchup.CatchUp;
import io.dlion.core.peer.catchup.Neighbours;
import io.dlion.core.peer.links.Links;
import io.dlion.core.peer.roster.Roster;
import io.dlion.core.peer.roster.Tally;
import io.dlion.core.peer.update.UpdateRule;
import io.dlion.core.report.Report.Severity;
import io.dlion.core.topology.SiteTree;
import io.dlion.core.wire.Control;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Turns a mesh into a tree where lines are so thin that a gradient takes very long to get around: a
 * worker's line then carries few sums instead of many single gradients. The least live worker
 * decides, by its own lines, now and then and once for all; what mesh links still owed is given up,
 * so the first time is early. Confined to its node.
 */
final class TopologyChoice {
  /**
   * A mesh whose links carry less than this part of the model while a gradient is computed is too
   * thin. Measured, see docs/PERFORMANCE.md.
   */
  static final double THIN = 0.05;

  /** It is decided after this iteration, and after twice as many each time. */
  static final long FIRST = 16;

  private final Neighbours neighbours;
  private final Arrivals arrivals;
  private final CatchUp catchUp;
  private final UpdateRule rule;
  private final Roster roster;
  private final Links links;
  private final Tally tally;
  private final Outbox outbox;

  TopologyChoice(
      Neighbours neighbours,
      Arrivals arrivals,
      CatchUp catchUp,
      UpdateRule rule,
      Roster roster,
      Links links,
      Tally tally,
      Outbox outbox) {
    this.neighbours = neighbours;
    this.arrivals = arrivals;
    this.catchUp = catchUp;
    this.rule = rule;
    this.roster = roster;
    this.links = links;
    this.tally = tally;
    this.outbox = outbox;
    if (neighbours.relay()) {
      rule.relays();
    }
  }

  /** Whose gradients arrive: all peers', or those of neighbours with all that lies behind them. */
  Set<WorkerId> counted() {
    if (!neighbours.relay()) {
      return roster.ids();
    }
    SortedSet<WorkerId> ids = new TreeSet<>();
    roster.neighbours().forEach(peer -> ids.add(peer.id()));
    return ids;
  }

  /** An iteration was applied: decides if it is time for it. */
  void iterationEnded() {
    long done = tally.iteration();
    if (done < FIRST || Long.bitCount(done) != 1 || !roster.selfIsLeast()) {
      return;
    }
    OptionalDouble carried = links.carriedShare();
    if (carried.isPresent()
        && carried.getAsDouble() < THIN
        && neighbours.alternative().filter(this::divides).isPresent()) {
      outbox.broadcast(new Control.ThinLines());
      turn();
    }
  }

  private boolean divides(SiteTree tree) {
    SortedSet<WorkerId> members = new TreeSet<>(roster.ids());
    members.add(roster.self());
    return tree.halves(members, neighbours.relayed());
  }

  /** A peer says that lines are thin. */
  void told() {
    if (neighbours.alternative().isPresent()) {
      turn();
    }
  }

  private void turn() {
    neighbours.turn();
    rule.relays();
    outbox.notice(
        Severity.INFO,
        "lines are thin: gradients travel along a tree of sites, added up on their way");
    if (!catchUp.isUnderWay()) {
      arrivals.greet(neighbours.derive());
    }
  }
}
