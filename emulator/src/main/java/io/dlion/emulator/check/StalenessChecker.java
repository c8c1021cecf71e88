package io.dlion.emulator.check;

import io.dlion.core.WorkerId;
import io.dlion.core.gossip.Pairing;
import io.dlion.core.node.Action;
import io.dlion.core.report.Report;
import io.dlion.core.strategy.Strategy;
import io.dlion.core.sync.SyncRule;
import io.dlion.core.sync.TokenQueue;
import io.dlion.emulator.check.witness.Checker;
import io.dlion.emulator.check.witness.Findings;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Nobody begins an iteration too far ahead of what has arrived from its peers; nobody waits without
 * reason; and nobody waits for the dead longer than it takes to notice. Where workers average in
 * pairs, nobody ends a round without its partner, and nobody waits for anybody else.
 */
final class StalenessChecker implements Checker<View> {
  private final Findings findings;
  private final SyncRule rule;
  private final Optional<Pairing> pairing;
  private final Optional<QuorumChecker> quorum;
  private final boolean adaptive;
  private final long noticeNanos;
  private final Map<WorkerId, Long> dead = new HashMap<>();

  /**
   * Nobody is there yet.
   *
   * @param pairing of workers that average in pairs
   * @param quorum knows whose distances a round waits for, where rounds end with a quorum
   * @param noticeNanos how long it may take to notice that somebody has crashed
   */
  StalenessChecker(
      Findings findings,
      Strategy strategy,
      Optional<Pairing> pairing,
      Optional<QuorumChecker> quorum,
      long noticeNanos) {
    this.quorum = quorum;
    this.pairing = pairing;
    this.findings = findings;
    this.rule = strategy.synchronization();
    this.adaptive = strategy.batching().adaptive();
    this.noticeNanos = noticeNanos;
  }

  @Override
  public void born(View view) {
    dead.remove(view.id);
  }

  @Override
  public void gone(WorkerId worker, long nowNanos) {
    dead.putIfAbsent(worker, nowNanos);
  }

  @Override
  public void answered(View view, long nowNanos, List<Action> actions) {
    if (pairing.isPresent()) {
      ended(actions)
          .ifPresent(round -> {
            SortedSet<WorkerId> missing = missing(view, round + 1);
            if (!missing.isEmpty()) {
              findings.add(view, nowNanos, "ends a round without gradients of " + missing);
            }
          });
    }
    if (begins(actions)) {
      if (adaptive && view.cost == null) {
        return; // it only measures its speed
      }
      SortedSet<WorkerId> missing =
          pairing.isPresent() ? Collections.emptySortedSet() : missing(view, view.iteration);
      if (missing.size() > rule.staleness().spare()) {
        findings.add(view, nowNanos, "begins without gradients of " + missing);
      }
      SortedSet<WorkerId> empty = withoutToken(view);
      if (!empty.isEmpty()) {
        findings.add(view, nowNanos, "begins without tokens of " + empty);
      }
    } else if (view.started && !view.computing && !view.finished) {
      waits(view, nowNanos);
    }
  }

  private static boolean begins(List<Action> actions) {
    for (Action action : actions) {
      if (action instanceof Action.Compute) {
        return true;
      }
    }
    return false;
  }

  /** The iteration that was applied just now. */
  private static OptionalLong ended(List<Action> actions) {
    for (Action action : actions) {
      if (action instanceof Action.Tell(Report.Iteration r)) {
        return OptionalLong.of(r.iteration());
      }
    }
    return OptionalLong.empty();
  }

  private void waits(View view, long nowNanos) {
    SortedSet<WorkerId> causes = new TreeSet<>(withoutToken(view));
    // Where replicas stay equal, the iteration that is not applied yet waits as well.
    SortedSet<WorkerId> missing =
        missing(view, rule.ordered() ? view.iteration + 1 : view.iteration);
    if (missing.size() > rule.staleness().spare()) {
      causes.addAll(missing);
    }
    quorum.ifPresent(its -> causes.addAll(its.missing(view)));
    view.neighbours()
        .forEach((id, peer) -> {
          if (rule.barrier() && peer.settled < Math.min(peer.announced, view.iteration - 1)) {
            causes.add(id);
          }
        });
    view.peers.forEach((id, peer) -> {
      if (adaptive && peer.cost == null) {
        causes.add(id);
      }
    });
    causes.addAll(view.awaited()); // of those it hears where it is to begin
    if (causes.isEmpty()) {
      findings.add(view, nowNanos, "waits for nobody");
    } else if (causes.stream()
        .allMatch(id -> view.beforeNanos > dead.getOrDefault(id, nowNanos) + noticeNanos)) {
      findings.add(view, nowNanos, "still waits for " + causes + ", who are gone");
    }
  }

  private SortedSet<WorkerId> missing(View view, long iteration) {
    SortedSet<WorkerId> missing = new TreeSet<>();
    view.neighbours()
        .forEach((id, peer) -> {
          if (rule.staleness().waits(iteration, peer.settled) && counts(view, id, iteration - 1)) {
            missing.add(id);
          }
        });
    return missing;
  }

  /** Whether a worker needs what a neighbour contributes to an iteration. */
  private boolean counts(View view, WorkerId neighbour, long iteration) {
    return pairing
        .map(p -> p.partner(view.id, view.peers.keySet(), iteration).equals(Optional.of(neighbour)))
        .orElse(true);
  }

  private SortedSet<WorkerId> withoutToken(View view) {
    if (rule.tokens().isEmpty()) {
      return Collections.emptySortedSet();
    }
    TokenQueue queue = rule.tokens().get();
    SortedSet<WorkerId> empty = new TreeSet<>();
    view.neighbours()
        .forEach((id, peer) -> {
          if (queue.isEmpty(view.iteration, peer.token)) {
            empty.add(id);
          }
        });
    return empty;
  }
}
