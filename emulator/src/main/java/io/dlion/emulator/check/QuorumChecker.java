package io.dlion.emulator.check;

import io.dlion.core.WorkerId;
import io.dlion.core.node.Action;
import io.dlion.core.node.Event;
import io.dlion.core.report.Report;
import io.dlion.core.strategy.Decoupling;
import io.dlion.core.wire.Frame;
import io.dlion.core.wire.MessageType;
import io.dlion.emulator.check.witness.Checker;
import io.dlion.emulator.check.witness.Findings;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.WeakHashMap;

/**
 * A round of local steps ends when distances of a quorum have come since it began, or when nothing
 * has come for so long that something may be lost.
 */
final class QuorumChecker implements Checker<View> {
  /** The least time after which a peer may be given up in a round. */
  private static final long PATIENCE_NANOS_MIN = 500_000_000L;

  private final Findings findings;
  private final Decoupling rule;
  private final Map<View, Round> rounds = new WeakHashMap<>();

  /** What is seen of a worker's round. */
  private static final class Round {
    /** Whose distances have come since it began. */
    final Set<WorkerId> come = new HashSet<>();

    /** When the last of its own gradients was there. */
    long computedNanos;

    /** Whether the worker has said goodbye: it waits for nobody then. */
    boolean last;
  }

  QuorumChecker(Findings findings, Decoupling rule) {
    this.findings = findings;
    this.rule = rule;
  }

  private Round of(View view) {
    return rounds.computeIfAbsent(view, v -> new Round());
  }

  /** Those of whom nothing has come since the round began. */
  SortedSet<WorkerId> missing(View view) {
    SortedSet<WorkerId> missing = new TreeSet<>(view.neighbours().keySet());
    missing.removeAll(of(view).come);
    return missing;
  }

  @Override
  public void told(View view, Event event) {
    if (event instanceof Event.Received e && view.gradient != null && view.fresh) {
      of(view).come.add(e.from());
    } else if (event instanceof Event.Computed e) {
      of(view).computedNanos = e.nowNanos();
    }
  }

  @Override
  public void answered(View view, long nowNanos, List<Action> actions) {
    Round round = of(view);
    for (Action action : actions) {
      round.last |= action instanceof Action.Send a && Frame.isOf(MessageType.GOODBYE, a.payload());
      if (action instanceof Action.Tell(Report.Iteration _)) {
        ended(view, round, nowNanos);
      }
    }
  }

  private void ended(View view, Round round, long nowNanos) {
    int workers = view.neighbours().size() + 1;
    SortedSet<WorkerId> missing = missing(view);
    if (workers - missing.size() < rule.needed(workers)
        && nowNanos - round.computedNanos < PATIENCE_NANOS_MIN
        && !round.last) {
      findings.add(view, nowNanos, "ends a round without a quorum: nothing has come of " + missing);
    }
    round.come.clear();
  }
}
