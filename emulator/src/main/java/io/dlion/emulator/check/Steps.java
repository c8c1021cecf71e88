package io.dlion.emulator.check;

import io.dlion.core.WorkerId;
import io.dlion.core.report.Report;
import java.util.HashMap;
import java.util.Map;

/**
 * How many whole steps have made each worker's weights what they are: the samples of all workers
 * that it has applied, over the global batch. A worker that is cut off, or slow and alone, goes
 * through many iterations and few whole steps. Who takes over weights takes over their steps.
 */
final class Steps {
  private final Map<WorkerId, Double> steps = new HashMap<>();
  private final Map<WorkerId, Long> samples = new HashMap<>();

  /** An iteration has ended. */
  void stepped(Report.Iteration r) {
    long before = samples.getOrDefault(r.worker(), 0L);
    samples.put(r.worker(), r.clusterSamples());
    double more = (double) (r.clusterSamples() - before) / r.globalBatchSize();
    steps.merge(r.worker(), Math.max(0, more), Double::sum); // less than before: it has come again
  }

  /** Weights have been merged, or taken over. */
  void merged(Report.Transfer r) {
    if (r.round() == 0) {
      steps.put(r.worker(), of(r.from()));
    }
  }

  /** Whole steps of a worker. */
  double of(WorkerId worker) {
    return steps.getOrDefault(worker, 0.0);
  }
}
