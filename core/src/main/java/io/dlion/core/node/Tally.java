package io.dlion.core.node;

import io.dlion.core.WorkerId;
import io.dlion.core.report.Report;
import java.util.Map;

/**
 * How far a worker has come. Its node counts, everybody else in the node only reads. Confined to
 * its node.
 */
final class Tally {
  /** Key of {@link #pending} in a saved state. */
  static final String PENDING = "pending";

  /** Key of the samples that peers were told of in a saved state. */
  static final String ANNOUNCED = "announced";

  private final Roster roster;

  /** Number of the iteration under way, the first being 0. */
  long iteration;

  /** Newest iteration whose gradient was offered to the links; one less than the next at first. */
  long offered = -1;

  /** How many examples this worker has drawn. */
  long position;

  /** How many samples this worker has processed. */
  long samples;

  /** Samples of the batch under way, or of the last one. */
  int localBatch = 1;

  /** Mean loss of the iteration's samples so far. */
  double loss;

  /** How long the iteration's gradients took so far. */
  long computeNanos;

  /** How long this worker has waited for others in this iteration. */
  long waitNanos;

  /** Samples of a gradient that was computed and not applied; 0 where there is none. */
  int pending;

  /** Bytes of gradients this worker has sent. */
  long bytesSent;

  /** How long the gradients of an iteration take: a moving average; 0 before the first. */
  double stepSeconds;

  /** What {@link #samples} were when peers were last told. */
  private long announced;

  /** What the three of them were when the iteration began. */
  private long positionBefore;

  private long samplesBefore;
  private long announcedBefore;
  private double lossSum;

  Tally(Roster roster) {
    this.roster = roster;
  }

  /** A gradient of the local batch was computed and is sound. */
  void computed(double meanLoss, long nanos) {
    samples += localBatch;
    pending = 0;
    lossSum += meanLoss * localBatch;
    loss = lossSum / iterationSamples();
    computeNanos += nanos;
  }

  /** The last gradient of the iteration was computed. */
  void allComputed() {
    double seconds = computeNanos / 1e9;
    stepSeconds = stepSeconds == 0 ? seconds : 0.8 * stepSeconds + 0.2 * seconds;
  }

  /** This worker's part of the iteration goes to its peers, and says how far it has come. */
  void contributed() {
    announced = samples;
  }

  /** Samples this worker has processed in the iteration under way. */
  int iterationSamples() {
    return Math.toIntExact(samples - samplesBefore);
  }

  /** An iteration was applied. */
  void iterationEnded() {
    iteration++;
    waitNanos = 0;
    begin();
  }

  /** The next iteration is that one. */
  void startAt(long next) {
    iteration = next;
    offered = next - 1;
  }

  /** The iteration under way is given up: its examples are to be drawn again. */
  void takeBack() {
    if (samples > samplesBefore) {
      pending = iterationSamples();
      position = positionBefore;
      samples = samplesBefore;
      announced = announcedBefore;
      begin();
    }
  }

  /** The gradient that was taken back last is to be applied after all. */
  void restorePending() {
    localBatch = pending;
    position += pending;
    samples += pending;
    pending = 0;
  }

  private void begin() {
    positionBefore = position;
    samplesBefore = samples;
    announcedBefore = announced;
    lossSum = 0;
    computeNanos = 0;
  }

  /**
   * Samples that all workers have processed, as far as all of them were told: where replicas are
   * equal, so is this.
   */
  long clusterSamples() {
    return announced + roster.samples();
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
        roster.foundSamples(),
        Math.max(0, iteration - slowest));
  }

  void save(Map<String, String> state) {
    state.put("iteration", Long.toString(iteration));
    state.put("position", Long.toString(position));
    state.put("samples", Long.toString(samples));
    state.put(ANNOUNCED, Long.toString(announced));
    state.put("bytes-sent", Long.toString(bytesSent));
    if (pending > 0) {
      state.put(PENDING, Integer.toString(pending));
      state.put("pending-loss", Double.toString(loss));
    }
  }

  void restore(Map<String, String> state) {
    startAt(number(state, "iteration"));
    position = number(state, "position");
    samples = number(state, "samples");
    announced = number(state, ANNOUNCED);
    bytesSent = number(state, "bytes-sent");
    pending = (int) number(state, PENDING);
    loss = Double.parseDouble(state.getOrDefault("pending-loss", "0"));
    begin();
  }

  private static long number(Map<String, String> state, String key) {
    return Long.parseLong(state.getOrDefault(key, "0"));
  }
}
