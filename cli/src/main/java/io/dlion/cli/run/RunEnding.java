package io.dlion.cli.run;

import io.dlion.cluster.worker.WorkerOutcome;
import io.dlion.core.wire.Control.Reason;
import java.util.List;
import java.util.Locale;

/**
 * How a run as a whole ended.
 *
 * @param stoppedBy epochs, time, target, patience, stopped, request, diverged or failure
 * @param sound whether at least one worker reached an orderly end
 */
record RunEnding(String stoppedBy, boolean sound) {
  static RunEnding of(List<WorkerOutcome> outcomes) {
    Reason reason =
        outcomes.stream()
            .map(WorkerOutcome::reason)
            .filter(r -> r != Reason.FAILURE && r != Reason.DIVERGED)
            .findFirst()
            .orElse(outcomes.getFirst().reason());
    return new RunEnding(word(reason), reason != Reason.FAILURE && reason != Reason.DIVERGED);
  }

  private static String word(Reason reason) {
    return reason.name().toLowerCase(Locale.ROOT);
  }
}
