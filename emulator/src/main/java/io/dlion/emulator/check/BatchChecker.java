package io.dlion.emulator.check;

import io.dlion.core.WorkerId;
import io.dlion.core.node.Action;
import io.dlion.core.report.Report;
import io.dlion.core.strategy.Strategy;
import io.dlion.core.wire.Control;
import io.dlion.emulator.check.witness.Checker;
import io.dlion.emulator.check.witness.Findings;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Batch sizes sum to the global batch, among workers that agree on who takes part, what a step
 * costs each of them, and how large the global batch is.
 */
final class BatchChecker implements Checker<View> {
  private final Findings findings;
  private final boolean adaptive;
  private final boolean ordered;
  private final Map<View, Agreement> begun = new WeakHashMap<>();
  private final Map<View, Integer> globals = new WeakHashMap<>();
  private final Map<Terms, Map<WorkerId, Integer>> shares = new HashMap<>();
  private final Map<View, Known> agreements = new WeakHashMap<>();

  /** The agreement that followed from a view when it counted so many changes. */
  private record Known(int changes, int costs, Agreement agreement) {}

  /** What the division depends on. */
  private record Agreement(Set<WorkerId> workers, Map<WorkerId, Control.Cost> costs) {
    private static final Agreement NONE = new Agreement(Set.of(), Map.of());

    /** What held for a batch of an iteration as well as for a later one. */
    Agreement and(Agreement later) {
      return equals(later) ? this : NONE;
    }
  }

  private record Terms(Agreement agreement, int global) {}

  /**
   * A checker.
   *
   * @param strategy of the run
   */
  BatchChecker(Findings findings, Strategy strategy) {
    this.findings = findings;
    this.adaptive = strategy.batching().adaptive();
    this.ordered = strategy.synchronization().ordered();
  }

  @Override
  public void answered(View view, long nowNanos, List<Action> actions) {
    // An answer reports the end of an iteration before it begins the next.
    for (Action action : actions) {
      if (action instanceof Action.Tell a && a.report() instanceof Report.Iteration r) {
        ended(view, nowNanos, r);
      } else if (action instanceof Action.Compute) {
        begun.merge(view, agreement(view), Agreement::and);
      }
    }
  }

  private void ended(View view, long nowNanos, Report.Iteration r) {
    Agreement agreement = begun.remove(view);
    @Nullable Integer globalBefore = globals.put(view, r.globalBatchSize());
    if (globalBefore == null || globalBefore != r.globalBatchSize()) {
      return; // it may have begun with that of before
    }
    if (agreement == null || !agreement.equals(agreement(view))) {
      return; // it has learned something since it began
    }
    if (ordered && r.iteration() <= view.owed) {
      return; // that of who has gone counts with it
    }
    if (adaptive && agreement.costs.size() < agreement.workers.size()) {
      return; // somebody still tries which batch takes how long
    }
    Map<WorkerId, Integer> known =
        shares.computeIfAbsent(new Terms(agreement, r.globalBatchSize()), _ -> new TreeMap<>());
    @Nullable Integer before = known.put(view.id, r.batchSize());
    if (before != null && before != r.batchSize()) {
      findings.add(
          view, nowNanos, "takes a batch of " + r.batchSize() + " where it took one of " + before);
    }
    int sum = known.values().stream().mapToInt(Integer::intValue).sum();
    if (known.keySet().equals(agreement.workers) && sum != r.globalBatchSize()) {
      findings.add(
          view,
          nowNanos,
          "batches " + known + " do not sum to the global batch of " + r.globalBatchSize());
    }
  }

  private Agreement agreement(View view) {
    @Nullable Known known = agreements.get(view);
    if (known == null || known.changes != view.changes || known.costs != view.costs) {
      known = new Known(view.changes, view.costs, derive(view));
      agreements.put(view, known);
    }
    return known.agreement;
  }

  private static Agreement derive(View view) {
    Set<WorkerId> workers = new TreeSet<>(view.peers.keySet());
    workers.add(view.id);
    Map<WorkerId, Control.Cost> costs = new TreeMap<>();
    view.peers.forEach((id, peer) -> {
      if (peer.cost != null) {
        costs.put(id, peer.cost);
      }
    });
    if (view.cost != null) {
      costs.put(view.id, view.cost);
    }
    return new Agreement(workers, costs);
  }
}
