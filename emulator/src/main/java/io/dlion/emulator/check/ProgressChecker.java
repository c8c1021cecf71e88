package io.dlion.emulator.check;

import io.dlion.core.Phrase;
import io.dlion.core.WorkerId;
import io.dlion.core.node.Action;
import io.dlion.core.report.Report;
import io.dlion.emulator.check.witness.Checker;
import io.dlion.emulator.check.witness.Findings;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;

/** When the last fault is over, every live worker finishes one iteration after the other. */
final class ProgressChecker implements Checker<View> {
  private final Findings findings;
  private final long quietNanos;
  private final long patienceNanos;
  private final Map<View, Long> last = new WeakHashMap<>();

  /**
   * Nothing seen so far.
   *
   * @param quietNanos when the last fault is over
   * @param patienceNanos the most that may pass from then to the end of an iteration, and from one
   *     to the next
   */
  ProgressChecker(Findings findings, long quietNanos, long patienceNanos) {
    this.findings = findings;
    this.quietNanos = quietNanos;
    this.patienceNanos = patienceNanos;
  }

  @Override
  public void answered(View view, long nowNanos, List<Action> actions) {
    for (Action action : actions) {
      if (action instanceof Action.Tell a && a.report() instanceof Report.Iteration) {
        check(view, nowNanos);
        last.put(view, nowNanos);
      }
    }
  }

  @Override
  public void ended(Map<WorkerId, ? extends View> live, long nowNanos) {
    live.values().stream().filter(v -> !v.finished).forEach(v -> check(v, nowNanos));
  }

  private void check(View view, long nowNanos) {
    long since = Math.max(quietNanos, last.getOrDefault(view, view.bornNanos));
    if (nowNanos - since > patienceNanos) {
      findings.add(
          view,
          nowNanos,
          Phrase.of("has finished no iteration for %.1f s", (nowNanos - since) / 1e9));
    }
  }
}
