package io.dlion.monitor.comparison;

import io.dlion.monitor.comparison.trace.SeedRun;
import io.dlion.monitor.comparison.trace.ServerPoint;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;

/**
 * What came of one preset over its seeds. Seeds that diverged have no place in its means (an
 * accuracy of before the divergence would flatter it) and are counted instead. NaN stands for what
 * is not known. Immutable.
 *
 * @param preset its name
 * @param seeds how many runs there were
 * @param diverged how many of them diverged
 * @param secondsBySeed virtual time to the target of each seed, in the order of the runs; empty
 *     where it was not reached
 * @param secondsToTarget over seeds; no values unless every seed reached the target, because a mean
 *     over only those that did would be made up
 * @param accuracy at the end, mean over workers
 * @param worstAccuracy at the end, worst worker of each seed
 * @param accuracyDeviation standard deviation over workers at the end, mean over seeds
 * @param loss on the test set at the end, mean over workers and seeds
 * @param bytesSent mean over seeds
 * @param samplesPerSecond of all workers together, mean over seeds
 * @param bytesPerSample bytes sent for each sample processed, mean over seeds
 * @param meanStaleness in iterations, mean over seeds
 * @param waitShare share of their time that workers waited for others, mean over the workers that
 *     trained and over seeds
 * @param commits of all clients together, mean over seeds; 0 where there is no server
 * @param server how it stood at the end; empty where there is none
 * @param stream what came of its streams; empty where it had none
 */
public record PresetSummary(
    String preset,
    int seeds,
    int diverged,
    List<OptionalDouble> secondsBySeed,
    Estimate secondsToTarget,
    Estimate accuracy,
    Estimate worstAccuracy,
    double accuracyDeviation,
    double loss,
    double bytesSent,
    double samplesPerSecond,
    double bytesPerSample,
    double meanStaleness,
    double waitShare,
    double commits,
    Optional<AtTheEnd> server,
    Optional<StreamSummary> stream) {

  /**
   * How servers stood at the end, means over the seeds that did not diverge.
   *
   * @param commitTarget commits of each client in a check period, or steps between two commits; 0
   *     where the method sets neither
   * @param implicitMomentum NaN where unknown
   * @param searches begun
   */
  public record AtTheEnd(double commitTarget, double implicitMomentum, double searches) {}

  static PresetSummary of(
      String preset, List<SeedRun> runs, OptionalDouble target, double budgetSeconds) {
    List<OptionalDouble> times =
        runs.stream()
            .map(r ->
                target.isPresent()
                    ? r.secondsTo(target.getAsDouble(), budgetSeconds)
                    : OptionalDouble.empty())
            .toList();
    double[] reached = times.stream().flatMapToDouble(OptionalDouble::stream).toArray();
    List<SeedRun> sound = runs.stream().filter(r -> !r.diverged()).toList();
    return new PresetSummary(
        preset,
        runs.size(),
        runs.size() - sound.size(),
        times,
        reached.length == runs.size() ? Estimate.of(reached) : Estimate.NONE,
        estimate(sound, r -> r.totals().accuracy()),
        estimate(sound, r -> r.totals().worstAccuracy()),
        mean(sound, r -> r.totals().accuracyDeviation()),
        mean(sound, r -> r.totals().loss()),
        mean(sound, r -> r.totals().bytesSent()),
        mean(sound, SeedRun::samplesPerSecond),
        mean(sound, r -> (double) r.totals().bytesSent() / r.totals().samples()),
        mean(sound, r -> r.totals().meanStaleness()),
        mean(sound, r -> r.totals().waitShare()),
        mean(sound, r -> r.totals().commits()),
        server(sound),
        StreamSummary.of(sound));
  }

  /** How many seeds reached the target. */
  public int reached() {
    return (int) secondsBySeed.stream().filter(OptionalDouble::isPresent).count();
  }

  /** Whether all seeds reached the target. */
  public boolean reachedAlways() {
    return secondsToTarget.count() == seeds && seeds > 0;
  }

  private static Optional<AtTheEnd> server(List<SeedRun> runs) {
    if (runs.stream().allMatch(r -> r.server().last().isEmpty())) {
      return Optional.empty();
    }
    return Optional.of(
        new AtTheEnd(
            last(runs, ServerPoint::commitTarget),
            last(runs, ServerPoint::implicitMomentum),
            last(runs, ServerPoint::searches)));
  }

  private static double last(List<SeedRun> runs, ToDoubleFunction<ServerPoint> value) {
    return mean(runs, r -> r.server().last().map(value::applyAsDouble).orElse(Double.NaN));
  }

  private static double mean(List<SeedRun> runs, ToDoubleFunction<SeedRun> value) {
    return estimate(runs, value).mean();
  }

  static Estimate estimate(List<SeedRun> runs, ToDoubleFunction<SeedRun> value) {
    return Estimate.of(runs.stream().mapToDouble(value).filter(Double::isFinite).toArray());
  }
}
