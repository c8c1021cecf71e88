package io.dlion.core.node;

import io.dlion.core.WorkerId;
import io.dlion.core.report.Report;
import java.util.Map;

/**
 * How far a worker has come. Its node counts, everybody else in the node only reads. Confined to
 * its node.
 */
final class Tally {
  private final Roster roster;

  /** Number of the iteration under way, the first being 0. */
  long iteration;

  /** How many examples this worker has drawn. */
  long position;

  /** How many samples this worker has processed. */
  long samples;

  /** Samples of the batch under way, or of the last one. */
  int localBatch = 1;

  /** Mean loss of the last batch. */
  double loss;

  /** How long the last gradient took. */
  long computeNanos;

  /** How long this worker has waited for others in this iteration. */
  long waitNanos;

  /** How long a gradient takes: a moving average; 0 before the first. */
  double stepSeconds;

  Tally(Roster roster) {
    this.roster = roster;
  }

  /** A gradient of the local batch was computed and is sound. */
  void computed(double meanLoss, long nanos) {
    loss = meanLoss;
    computeNanos = nanos;
    samples += localBatch;
    stepSeconds = stepSeconds == 0 ? nanos / 1e9 : 0.8 * stepSeconds + 0.2 * nanos / 1e9;
  }

  /** The last gradient was not applied: its examples are to be drawn again. */
  void takeBack() {
    position -= localBatch;
    samples -= localBatch;
  }

  /** Samples that all workers have processed, as far as this one knows. */
  long clusterSamples() {
    return samples + roster.samples();
  }

  /** What is said about the iteration under way. */
  Report.Iteration report(WorkerId self, long nowNanos, int globalBatch) {
    long slowest = roster.neighbours().stream().mapToLong(p -> p.iteration).min().orElse(iteration);
    return new Report.Iteration(
        self,
        nowNanos,
        iteration,
        localBatch,
        globalBatch,
        loss,
        computeNanos,
        waitNanos,
        samples,
        clusterSamples(),
        Math.max(0, iteration - slowest));
  }

  void save(Map<String, String> state) {
    state.put("iteration", Long.toString(iteration));
    state.put("position", Long.toString(position));
    state.put("samples", Long.toString(samples));
  }

  void restore(Map<String, String> state) {
    iteration = number(state, "iteration");
    position = number(state, "position");
    samples = number(state, "samples");
  }

  private static long number(Map<String, String> state, String key) {
    return Long.parseLong(state.getOrDefault(key, "0"));
  }
}
