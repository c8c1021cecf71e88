package io.dlion.core.peer.roster;

import io.dlion.core.report.Report;
import java.util.Map;

/**
 * How far a worker has come. Its node counts; all others in the node only read. Confined to its
 * node.
 */
public final class Tally {
  /** Key of {@link #pending} in a saved state. */
  public static final String PENDING = "pending";

  /** Key of the samples that peers were told of in a saved state. */
  public static final String ANNOUNCED = "announced";

  private final Roster roster;
  private long iteration;
  private boolean contributed;
  private long position;
  private long samples;
  private int localBatch = 1;
  private double loss;
  private double lossSum;
  private long computeNanos;
  private long waitNanos;
  private int pending;
  private double stepSeconds;

  /** What {@link #samples} were when peers were last told. */
  private long announced;

  /** What the three of them were when the iteration began. */
  private long positionBefore;

  private long samplesBefore;
  private long announcedBefore;

  /** Before the first iteration. */
  public Tally(Roster roster) {
    this.roster = roster;
  }

  // ---- what there is to read

  /** Number of the iteration under way, the first being 0. */
  public long iteration() {
    return iteration;
  }

  /** Whether this worker's part of the iteration under way has gone to its peers. */
  public boolean hasContributed() {
    return contributed;
  }

  /** Newest iteration whose gradient was offered to the links; -1 before the first. */
  public long offered() {
    return contributed ? iteration : iteration - 1;
  }

  /** How many examples this worker has drawn. */
  public long position() {
    return position;
  }

  /** How many samples this worker has processed. */
  public long samples() {
    return samples;
  }

  /** Samples of the batch under way, or of the last one. */
  public int localBatch() {
    return localBatch;
  }

  /** Mean loss of the iteration's samples so far. */
  public double loss() {
    return loss;
  }

  /** Samples of a gradient that was computed and not applied; 0 where there is none. */
  public int pending() {
    return pending;
  }

  /** How long the gradients of an iteration take: a moving average; 0 before the first. */
  public double stepSeconds() {
    return stepSeconds;
  }

  /** Samples this worker has processed in the iteration under way. */
  public int iterationSamples() {
    return Math.toIntExact(samples - samplesBefore);
  }

  /**
   * Samples that all workers have processed, as far as all of them were told: where replicas are
   * equal, so is this.
   */
  public long clusterSamples() {
    return announced + roster.samples();
  }

  // ---- what the node counts

  /** A batch of so many samples is to be computed. */
  public void begins(int batch) {
    localBatch = batch;
  }

  /** The examples of the local batch have been drawn. */
  public void drawn() {
    position += localBatch;
  }

  /** A gradient of the local batch was computed and is sound. */
  public void computed(double meanLoss, long nanos) {
    samples += localBatch;
    pending = 0;
    lossSum += meanLoss * localBatch;
    loss = lossSum / iterationSamples();
    computeNanos += nanos;
  }

  /** The last gradient of the iteration was computed. */
  public void allComputed() {
    double seconds = computeNanos / 1e9;
    stepSeconds = stepSeconds == 0 ? seconds : 0.8 * stepSeconds + 0.2 * seconds;
  }

  /** The worker has waited for others. */
  public void waited(long nanos) {
    waitNanos += nanos;
  }

  /** This worker's part of the iteration goes to its peers, and says how far it has come. */
  public void contributed() {
    contributed = true;
    announced = samples;
  }

  /** The iteration is applied, and the next one begins. */
  public void iterationEnded() {
    iteration++;
    contributed = false;
    waitNanos = 0;
    begin();
  }

  /** The next iteration is that one. */
  public void startAt(long next) {
    iteration = next;
  }

  /** The iteration under way is given up: its examples are to be drawn again. */
  public void takeBack() {
    contributed = false;
    if (samples > samplesBefore) {
      pending = iterationSamples();
      position = positionBefore;
      samples = samplesBefore;
      announced = announcedBefore;
      begin();
    }
  }

  /** The gradient that was taken back last is to be applied after all. */
  public void restorePending() {
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

  /** What is said about the iteration under way. */
  public Report.Iteration report(long nowNanos, int globalBatch) {
    long slowest = roster.neighbours().stream().mapToLong(Peer::iteration).min().orElse(iteration);
    return new Report.Iteration(
        roster.self(),
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

  /** Adds the counts to a saved state. */
  public void save(Map<String, String> state) {
    state.put("iteration", Long.toString(iteration));
    state.put("position", Long.toString(position));
    state.put("samples", Long.toString(samples));
    state.put(ANNOUNCED, Long.toString(announced));
    if (pending > 0) {
      state.put(PENDING, Integer.toString(pending));
      state.put("pending-loss", Double.toString(loss));
    }
  }

  /** Resumes with saved counts. */
  public void restore(Map<String, String> state) {
    startAt(number(state, "iteration"));
    position = number(state, "position");
    samples = number(state, "samples");
    announced = number(state, ANNOUNCED);
    pending = (int) number(state, PENDING);
    loss = Double.parseDouble(state.getOrDefault("pending-loss", "0"));
    begin();
  }

  private static long number(Map<String, String> state, String key) {
    return Long.parseLong(state.getOrDefault(key, "0"));
  }
}
