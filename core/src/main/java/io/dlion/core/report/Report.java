package io.dlion.core.report;

import io.dlion.core.WorkerId;

/**
 * What a worker tells about itself while it trains; metrics files, live views and dashboards are
 * made of nothing else. {@code atNanos} is time since the run began, on the clock of the runtime
 * (virtual in the emulator).
 */
public sealed interface Report {
  /** Who reports. */
  WorkerId worker();

  /** When, in nanoseconds since the run began. */
  long atNanos();

  /**
   * An iteration ended.
   *
   * @param iteration its number, from 0
   * @param batchSize the worker's local batch size b_k, in samples
   * @param globalBatchSize B, in samples
   * @param loss mean training loss over the local batch
   * @param computeNanos time spent on the gradient
   * @param waitNanos time the iteration waited for other workers before it began
   * @param samples all samples this worker has processed so far
   * @param clusterSamples all samples processed by all workers, as far as this worker knows
   * @param foundSamples those of them that peers had processed before this worker met them, or met
   *     them again: they came at once, and say nothing of how fast samples are processed
   * @param staleness the number of iterations by which the slowest live peer's last gradient is
   *     behind this iteration
   */
  record Iteration(
      WorkerId worker,
      long atNanos,
      long iteration,
      int batchSize,
      int globalBatchSize,
      double loss,
      long computeNanos,
      long waitNanos,
      long samples,
      long clusterSamples,
      long foundSamples,
      long staleness)
      implements Report {}

  /**
   * A gradient was put on a link.
   *
   * @param peer whither
   * @param iteration the newest iteration it covers
   * @param n Max N's N in (0, 100]: entries of at least (1 − N/100) of their variable's maximum
   *     were selected
   * @param share of the model's entries that are in the message, in [0, 1]
   * @param bytes encoded size
   * @param budgetBytes what the link could have carried in the worker's iteration time; 0 where
   *     nothing is known yet
   * @param bytesPerSecond the link's measured goodput; 0 where nothing is known yet
   */
  record Sent(
      WorkerId worker,
      long atNanos,
      WorkerId peer,
      long iteration,
      double n,
      double share,
      long bytes,
      long budgetBytes,
      double bytesPerSecond)
      implements Report {}

  /**
   * The model was evaluated on the test set; accuracy as in {@link io.dlion.core.learn.Evaluation}.
   *
   * @param tookNanos how long that took; meanwhile the worker did not train
   */
  record Evaluated(
      WorkerId worker,
      long atNanos,
      long iteration,
      long clusterSamples,
      double accuracy,
      double loss,
      long tookNanos)
      implements Report {}

  /**
   * Direct knowledge transfer: weights of the best worker arrived and were merged, or were dropped.
   *
   * @param from the best worker of the round
   * @param round number of the round
   * @param lambda the share of the difference that was taken over; 0 where the weights were dropped
   * @param ageNanos time since the snapshot was asked for
   * @param outcome {@code merged}, or why not
   */
  record Transfer(
      WorkerId worker,
      long atNanos,
      WorkerId from,
      long round,
      double lambda,
      long ageNanos,
      String outcome)
      implements Report {}

  /** Something a person should know: a peer left, a message was rejected, a loss became NaN. */
  record Notice(WorkerId worker, long atNanos, Severity severity, String text) implements Report {}

  /** How much a notice matters. */
  enum Severity {
    /** Worth knowing. */
    INFO,
    /** Training goes on, but something is wrong. */
    WARNING,
    /** This worker cannot go on. */
    ERROR
  }
}
