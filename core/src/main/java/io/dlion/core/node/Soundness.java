package io.dlion.core.node;

import io.dlion.core.kernel.Blocks;
import io.dlion.core.report.Report.Severity;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * Keeps values that are not finite from being applied and from spreading. A batch whose loss,
 * gradient, or effect on a buffer is not finite is left out, and the buffers are reset to what they
 * were before it. After {@value #NOT_FINITE_MAX} such batches in a row the worker must stop.
 * Confined to its node.
 */
public final class Soundness {
  private static final int NOT_FINITE_MAX = 3;

  private final Replica replica;
  private final double learningRate;
  private final Outbox outbox;
  private final MemorySegment buffersBefore;
  private int notFinite;

  /** What becomes of a batch. */
  public enum Verdict {
    /** All values are finite. */
    SOUND,
    /** It is left out; the next one may be better. */
    LEFT_OUT,
    /** The worker must stop. */
    DIVERGED
  }

  /** Nothing computed so far. */
  public Soundness(Replica replica, double learningRate, Outbox outbox) {
    this.replica = replica;
    this.learningRate = learningRate;
    this.outbox = outbox;
    this.buffersBefore = MemorySegment.ofArray(new float[replica.bufferLayout().size()]);
  }

  /** A batch is about to be computed. */
  public void begins() {
    buffersBefore.copyFrom(replica.buffers());
  }

  /** Judges what the last batch left in the replica, and its loss. */
  public Verdict judge(double loss, long iteration) {
    Optional<String> fault = fault(loss);
    if (fault.isEmpty()) {
      notFinite = 0;
      return Verdict.SOUND;
    }
    replica.buffers().copyFrom(buffersBefore);
    notFinite++;
    if (notFinite < NOT_FINITE_MAX) {
      outbox.notice(
          Severity.WARNING,
          fault.get() + " in iteration " + iteration + ": this batch is left out");
      return Verdict.LEFT_OUT;
    }
    stops(fault.get() + " in " + NOT_FINITE_MAX + " batches running", iteration);
    return Verdict.DIVERGED;
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

  /** Whether the replica may be saved, sent and merged at the end; reports it if not. */
  public boolean acceptsReplica(long iteration) {
    boolean finite = replica.isFinite();
    if (!finite) {
      stops("the model has values that are not finite", iteration);
    }
    return finite;
  }

  /** Reports that this worker stops, and what can be done about it. */
  public void stops(String why, long iteration) {
    outbox.notice(
        Severity.ERROR,
        why
            + ", iteration "
            + iteration
            + ": this worker stops and spreads nothing of it. Try a smaller optimizer.learning-rate"
            + " (now "
            + learningRate
            + ") or look for extreme values in its data");
  }
}
