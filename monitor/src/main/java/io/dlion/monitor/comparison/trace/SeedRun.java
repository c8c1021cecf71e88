package io.dlion.monitor.comparison.trace;

import java.util.List;
import java.util.OptionalDouble;

/**
 * One emulated run: one preset in one environment with one seed. {@link RunRecorder} makes it. All
 * times are virtual, in seconds since the run began; NaN stands for what is not known. Immutable.
 *
 * @param seed of the run
 * @param stoppedBy what ended it; {@value #DIVERGED} where weights or losses were no longer finite
 * @param seconds it lasted
 * @param curve how it went, times strictly ascending
 * @param totals what came of it
 * @param window the part of the run that {@link WorkerTrace#intervals} tell of
 * @param workers in the order of their ids
 * @param links that carried anything, by sender, then receiver
 * @param server what the server did; {@link ServerTrace#NONE} where the preset has none
 * @param stream what came of its streams; {@link StreamTrace#NONE} where it had none
 */
public record SeedRun(
    long seed,
    String stoppedBy,
    double seconds,
    List<CurvePoint> curve,
    Totals totals,
    Interval window,
    List<WorkerTrace> workers,
    List<LinkTrace> links,
    ServerTrace server,
    StreamTrace stream) {
  /** What {@link #stoppedBy} says of a run that diverged. */
  public static final String DIVERGED = "diverged";

  /** What {@link #stoppedBy} says of a run that was to end at a target accuracy and did. */
  public static final String TARGET = "target";

  /** Sums of fractions such as 1/6 are not exact; accuracies closer than this are the same. */
  private static final double SAME_ACCURACY = 1e-9;

  /** Copies the lists. */
  public SeedRun {
    curve = List.copyOf(curve);
    workers = List.copyOf(workers);
    links = List.copyOf(links);
  }

  /**
   * What came of a run at its end.
   *
   * @param accuracy on the test set, mean over workers
   * @param worstAccuracy of any worker
   * @param accuracyDeviation standard deviation of accuracy over workers; the workers are all there
   *     are, so squares are divided by their number
   * @param loss on the test set, mean over workers
   * @param samples processed by all workers
   * @param iterations of all workers together
   * @param bytesSent over all links, framing included
   * @param meanStaleness mean over all iterations of all workers of {@link
   *     io.dlion.core.report.Report.Iteration#staleness}, in iterations
   * @param waitShare mean over the workers that trained of {@link WorkerTrace#waitShare}; NaN where
   *     none did
   * @param commits of all clients together; 0 where there is no server
   */
  public record Totals(
      double accuracy,
      double worstAccuracy,
      double accuracyDeviation,
      double loss,
      long samples,
      long iterations,
      long bytesSent,
      double meanStaleness,
      double waitShare,
      long commits) {}

  /** Whether it ended because it diverged. */
  public boolean diverged() {
    return stoppedBy.equals(DIVERGED);
  }

  /** Whether it ended because it reached its target. */
  public boolean endedAtTarget() {
    return stoppedBy.equals(TARGET);
  }

  /** Samples of all workers per virtual second; NaN for a run of no length. */
  public double samplesPerSecond() {
    return seconds > 0 ? totals.samples / seconds : Double.NaN;
  }

  /**
   * The first virtual time at which the mean accuracy over workers was seen at or above the target,
   * not later than the budget; nothing is interpolated. Empty where that did not happen, and where
   * the run diverged in the end: it left no model behind.
   */
  public OptionalDouble secondsTo(double target, double budgetSeconds) {
    if (diverged()) {
      return OptionalDouble.empty();
    }
    return curve.stream()
        .filter(p -> reaches(p.accuracy(), target) && p.seconds() <= budgetSeconds)
        .mapToDouble(CurvePoint::seconds)
        .findFirst();
  }

  /** Whether an accuracy is as high as the target. */
  static boolean reaches(double accuracy, double target) {
    return accuracy >= target - SAME_ACCURACY;
  }
}
