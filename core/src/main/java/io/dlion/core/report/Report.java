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

  /**
   * A client's commit left, in the family with a server.
   *
   * @param server whither; the worker itself where it serves
   * @param version of the global model that the client trained from
   * @param steps local steps that are in it
   * @param commits of this client so far, with this one
   * @param periodCommits those of them in the present check period
   * @param periodTarget commits that the client is to have made by the end of the period; 0 where
   *     the method has no periods
   * @param bytes encoded size; 0 where the client is in the server's process
   * @param roundTripNanos what the commit before took until its answer was here; 0 if there was
   *     none
   */
  record Committed(
      WorkerId worker,
      long atNanos,
      WorkerId server,
      long version,
      int steps,
      long commits,
      int periodCommits,
      int periodTarget,
      long bytes,
      long roundTripNanos)
      implements Report {}

  /**
   * What a server says of its global model: after it has begun to serve, now and then while it
   * applies commits, and whenever its search for a rate of commits has come a step further.
   *
   * @param version commits, or rounds of commits, that are in the global model
   * @param commits applied so far, since this worker serves
   * @param loss of the global model as its clients' batches tell it; NaN before the first
   * @param commitTarget commits that each client is to make in a check period, C; or steps between
   *     two commits, τ; 0 where the method sets neither
   * @param search the state of a search, for people: {@code probing C = 4}; empty if none is under
   *     way
   * @param reward of the last probe; NaN before the first
   * @param implicitMomentum μ of the resulting update; NaN where unknown
   * @param searches begun so far
   */
  record Serving(
      WorkerId worker,
      long atNanos,
      long version,
      long commits,
      double loss,
      int commitTarget,
      String search,
      double reward,
      double implicitMomentum,
      int searches)
      implements Report {}

  /** How learning from a stream goes; about once a second. */
  record Streamed(WorkerId worker, long atNanos, StreamFigures figures) implements Report {}

  /**
   * The world has changed: predictions of new records have become worse than those of older ones.
   *
   * @param cluster whether it was found in the predictions of all workers; else of this one
   * @param errorBefore share of wrong predictions before
   * @param errorAfter the same since
   */
  record Drifted(
      WorkerId worker, long atNanos, boolean cluster, double errorBefore, double errorAfter)
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
