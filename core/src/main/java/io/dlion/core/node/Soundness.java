package io.dlion.core.node;

import io.dlion.core.kernel.Blocks;
import io.dlion.core.report.Report.Severity;
import io.dlion.core.wire.Control.Reason;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * Keeps values that are not finite from being applied and from spreading, and ends a worker that
 * produces nothing else. A batch whose loss, gradient, or effect on a buffer is not finite is left
 * out, and the buffers are again what they were before it. Confined to its node.
 */
final class Soundness {
  /** How many losses in a row may be NaN or infinite before a worker gives up. */
  private static final int NOT_FINITE_MAX = 3;

  private final NodeConfig config;
  private final Replica replica;
  private final Ending ending;
  private final Tally tally;
  private final Outbox outbox;
  private final MemorySegment buffersBefore;
  private int notFinite;

  Soundness(NodeConfig config, Replica replica, Ending ending, Tally tally, Outbox outbox) {
    this.config = config;
    this.replica = replica;
    this.ending = ending;
    this.tally = tally;
    this.outbox = outbox;
    this.buffersBefore = MemorySegment.ofArray(new float[replica.bufferLayout().size()]);
  }

  /** A batch is about to be computed. */
  void begins() {
    buffersBefore.copyFrom(replica.buffers());
  }

  /** Whether what the last batch left is finite; ends the worker if too few batches are. */
  boolean accepts(double loss) {
    Optional<String> fault = fault(loss);
    if (fault.isEmpty()) {
      notFinite = 0;
      return true;
    }
    replica.buffers().copyFrom(buffersBefore);
    notFinite++;
    String what = fault.get();
    if (notFinite < NOT_FINITE_MAX) {
      outbox.notice(
          Severity.WARNING, what + " in iteration " + tally.iteration + ": this batch is left out");
    } else {
      giveUp(what + " in " + NOT_FINITE_MAX + " batches running");
    }
    return false;
  }

  private Optional<String> fault(double loss) {
    if (!Double.isFinite(loss)) {
      return Optional.of("loss is " + loss);
    }
    if (!Blocks.allFinite(replica.gradient(), replica.layout().size())) {
      return Optional.of("gradient has values that are not finite");
    }
    return Blocks.allFinite(replica.buffers(), replica.bufferLayout().size())
        ? Optional.empty()
        : Optional.of("a buffer (batch norm) has values that are not finite");
  }

  /** Whether the worker's replica may be saved, sent and merged at its end; says so if not. */
  boolean acceptsReplica() {
    boolean finite = replica.isFinite();
    if (!finite) {
      say("the model has values that are not finite");
    }
    return finite;
  }

  /** Ends the worker if what several gradients add up to is not finite, though each of them was. */
  boolean acceptsSum(boolean finite) {
    if (!finite) {
      giveUp("the sum of " + tally.iterationSamples() + " samples is not finite");
    }
    return finite;
  }

  private void giveUp(String what) {
    say(what);
    ending.finish(Reason.DIVERGED);
  }

  private void say(String what) {
    outbox.notice(
        Severity.ERROR,
        what
            + ", iteration "
            + tally.iteration
            + ": this worker stops and spreads nothing of it. Try a smaller optimizer.learning-rate"
            + " (now "
            + config.settings().text("optimizer.learning-rate")
            + ") or look for extreme values in its data");
  }
}
