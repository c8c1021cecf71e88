package io.dlion.monitor.comparison;

import io.dlion.monitor.comparison.trace.PrequentialPoint;
import io.dlion.monitor.comparison.trace.SeedRun;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * What came of a preset's streams, over its seeds that did not diverge. NaN stands for what is not
 * known. Immutable.
 *
 * @param prequential accuracy of predictions before learning, over all records of a run
 * @param freshnessP50 seconds from a record's arrival until every model has learned from it:
 *     median, mean over seeds
 * @param freshnessP99 99th percentile, mean over seeds
 * @param learned records that were learned from, mean over seeds
 * @param rejected records not fit to learn from, mean over seeds
 * @param shed records dropped because a queue was full, mean over seeds
 * @param made drifts that the environment made, over all seeds
 * @param recovered those of them after which the window accuracy came back within two points
 * @param recoverySeconds from a drift until then, mean over drifts and seeds; NaN unless all
 *     recovered, because a mean over only those that did would be made up
 * @param found drifts that were found, mean over seeds
 */
public record StreamSummary(
    Estimate prequential,
    double freshnessP50,
    double freshnessP99,
    double learned,
    double rejected,
    double shed,
    int made,
    int recovered,
    double recoverySeconds,
    double found) {

  /** Sums up runs; empty where none had a stream. */
  static Optional<StreamSummary> of(List<SeedRun> runs) {
    List<SeedRun> streams = runs.stream().filter(r -> r.stream().last().isPresent()).toList();
    if (streams.isEmpty()) {
      return Optional.empty();
    }
    double[] recoveries =
        streams.stream()
            .flatMap(r -> r.stream().recoveries().stream())
            .mapToDouble(Double::doubleValue)
            .toArray();
    double[] back = java.util.Arrays.stream(recoveries).filter(Double::isFinite).toArray();
    return Optional.of(
        new StreamSummary(
            PresetSummary.estimate(streams, r -> last(r, PrequentialPoint::overall)),
            mean(streams, r -> last(r, PrequentialPoint::freshnessP50)),
            mean(streams, r -> last(r, PrequentialPoint::freshnessP99)),
            mean(streams, r -> last(r, p -> (double) p.learned())),
            mean(streams, r -> r.stream().rejected()),
            mean(streams, r -> r.stream().shed()),
            recoveries.length,
            back.length,
            back.length == recoveries.length ? Estimate.of(back).mean() : Double.NaN,
            mean(streams, r -> r.stream().foundCount())));
  }

  private static double last(SeedRun run, ToDoubleFunction<PrequentialPoint> value) {
    return run.stream().last().map(value::applyAsDouble).orElse(Double.NaN);
  }

  private static double mean(List<SeedRun> runs, ToDoubleFunction<SeedRun> value) {
    return PresetSummary.estimate(runs, value).mean();
  }

  /** {@code 0.8 / 2.1}, in seconds. */
  public String freshness() {
    return Double.isFinite(freshnessP50)
        ? Figures.decimals(freshnessP50, 1) + " / " + Figures.decimals(freshnessP99, 1)
        : Figures.UNKNOWN;
  }

  /** {@code 12.5}; {@code 1 of 3 recovered} unless all did; {@code -} where no drift was made. */
  public String recovery() {
    return made > recovered
        ? recovered + " of " + made + " recovered"
        : Figures.seconds(recoverySeconds);
  }
}
