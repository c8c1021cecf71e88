package io.dlion.core.node;

import io.dlion.core.kernel.Blocks;
import io.dlion.core.report.Report.Severity;
import io.dlion.core.wire.Control.Reason;

/**
 * Keeps gradients that are not finite from being applied and from spreading, and ends a worker that
 * produces nothing else. Confined to its node.
 */
final class Soundness {
  /** How many losses in a row may be NaN or infinite before a worker gives up. */
  private static final int NOT_FINITE_MAX = 3;

  private final NodeConfig config;
  private final Replica replica;
  private final Ending ending;
  private final Tally tally;
  private final Outbox outbox;
  private int notFinite;

  Soundness(NodeConfig config, Replica replica, Ending ending, Tally tally, Outbox outbox) {
    this.config = config;
    this.replica = replica;
    this.ending = ending;
    this.tally = tally;
    this.outbox = outbox;
  }

  /** Whether loss and gradient of the last batch are finite; ends the worker if too few are. */
  boolean accepts(double loss) {
    if (Double.isFinite(loss) && Blocks.allFinite(replica.gradient(), replica.layout().size())) {
      notFinite = 0;
      return true;
    }
    notFinite++;
    String what =
        Double.isFinite(loss) ? "gradient has values that are not finite" : "loss is " + loss;
    if (notFinite < NOT_FINITE_MAX) {
      outbox.notice(
          Severity.WARNING, what + " in iteration " + tally.iteration + ": this batch is left out");
    } else {
      giveUp(what + " in " + NOT_FINITE_MAX + " batches running");
    }
    return false;
  }

  /** Ends the worker if what several gradients add up to is not finite, though each of them was. */
  boolean acceptsSum(boolean finite) {
    if (!finite) {
      giveUp("the sum of " + tally.iterationSamples() + " samples is not finite");
    }
    return finite;
  }

  private void giveUp(String what) {
    outbox.notice(
        Severity.ERROR,
        what
            + ", iteration "
            + tally.iteration
            + ": this worker stops and spreads nothing of it. Try a smaller optimizer.learning-rate"
            + " (now "
            + config.settings().text("optimizer.learning-rate")
            + ") or look for extreme values in its data");
    ending.finish(Reason.DIVERGED);
  }
}
