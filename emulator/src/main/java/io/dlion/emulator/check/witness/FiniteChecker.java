package io.dlion.emulator.check.witness;

import io.dlion.core.kernel.Blocks;
import io.dlion.core.node.Action;
import io.dlion.core.report.Report;
import java.util.List;

/** No weight of any replica is ever infinite or not a number. */
public record FiniteChecker(Findings findings) implements Checker<Witnessed> {
  @Override
  public void answered(Witnessed view, long nowNanos, List<Action> actions) {
    for (Action action : actions) {
      if (action instanceof Action.Tell a
          && a.report() instanceof Report.Iteration
          && !Blocks.allFinite(view.replica.weights(), view.replica.layout().size())) {
        findings.add(view, nowNanos, "has weights that are not finite");
      }
    }
  }
}
