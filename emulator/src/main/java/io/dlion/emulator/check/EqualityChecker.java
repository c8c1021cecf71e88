package io.dlion.emulator.check;

import io.dlion.core.node.Action;
import io.dlion.core.report.Report;
import io.dlion.emulator.check.witness.Checker;
import io.dlion.emulator.check.witness.Findings;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Where every replica applies the same gradients in the same order, all are the same bit by bit
 * after each iteration. That holds as long as no link breaks and nobody crashes or joins: a
 * gradient that some have and others do not leaves replicas apart.
 */
final class EqualityChecker implements Checker<View> {
  private final Findings findings;
  private final Map<Long, Integer> hashes = new HashMap<>();

  EqualityChecker(Findings findings) {
    this.findings = findings;
  }

  @Override
  public void answered(View view, long nowNanos, List<Action> actions) {
    for (Action action : actions) {
      if (action instanceof Action.Tell a && a.report() instanceof Report.Iteration r) {
        int hash = Arrays.hashCode(view.replica.weights().toArray(ValueLayout.JAVA_INT));
        Integer others = hashes.putIfAbsent(r.iteration(), hash);
        if (others != null && others != hash) {
          findings.add(view, nowNanos, "is no longer equal to the others");
        }
      }
    }
  }
}
