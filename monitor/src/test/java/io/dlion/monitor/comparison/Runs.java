package io.dlion.monitor.comparison;

import io.dlion.core.WorkerId;
import io.dlion.monitor.comparison.trace.CurvePoint;
import io.dlion.monitor.comparison.trace.DriftPoint;
import io.dlion.monitor.comparison.trace.Interval;
import io.dlion.monitor.comparison.trace.PrequentialPoint;
import io.dlion.monitor.comparison.trace.SeedRun;
import io.dlion.monitor.comparison.trace.ServerPoint;
import io.dlion.monitor.comparison.trace.ServerTrace;
import io.dlion.monitor.comparison.trace.StreamTrace;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** Small runs and comparisons with hand-made numbers. */
public final class Runs {
  private Runs() {}

  /** A run of 600 s whose accuracy was seen at some times: seconds, accuracy, seconds, … */
  static SeedRun run(long seed, String stoppedBy, double... secondsAndAccuracy) {
    List<CurvePoint> curve = new ArrayList<>();
    double last = Double.NaN;
    for (int i = 0; i < secondsAndAccuracy.length; i += 2) {
      last = secondsAndAccuracy[i + 1];
      curve.add(new CurvePoint(secondsAndAccuracy[i], last, last - 0.02, 1 - last, 100, 1000));
    }
    return new SeedRun(
        seed,
        stoppedBy,
        600,
        curve,
        new SeedRun.Totals(last, last - 0.02, 0.01, 1 - last, 6000, 60, 1_500_000, 1.25, 0.125, 0),
        new Interval(100, 110),
        List.of(),
        List.of(),
        ServerTrace.NONE,
        StreamTrace.NONE);
  }

  /** A run that reaches 0.85 at a time, and 0.88 in the end. */
  public static SeedRun reaching(long seed, double seconds) {
    return run(seed, "time", 10, 0.5, seconds, 0.85, 600, 0.88);
  }

  /** As one that reaches 0.85 after 120 s, with a server that searched and 480 commits. */
  public static SeedRun served(long seed) {
    SeedRun run = reaching(seed, 120);
    SeedRun.Totals t = run.totals();
    WorkerId server = new WorkerId("w0");
    return new SeedRun(
        seed,
        run.stoppedBy(),
        run.seconds(),
        run.curve(),
        new SeedRun.Totals(
            t.accuracy(),
            t.worstAccuracy(),
            t.accuracyDeviation(),
            t.loss(),
            t.samples(),
            t.iterations(),
            t.bytesSent(),
            t.meanStaleness(),
            t.waitShare(),
            480),
        run.window(),
        List.of(),
        List.of(),
        new ServerTrace(
            true,
            List.of(
                new ServerPoint(0, server, 0, 0, 1, "probing C = 1", Double.NaN, Double.NaN, 1),
                new ServerPoint(60, server, 50, 50, 2, "probing <b>C</b> = 2", 0.02, 0.5, 1),
                new ServerPoint(120, server, 150, 150, 2, "", 0.03, 0.25, 1))),
        StreamTrace.NONE);
  }

  /**
   * As one that reaches 0.85 after 120 s, from streams: the environment made a drift at 100 s,
   * which was found at 102 s; accuracy was back at a time, or never where that is NaN.
   */
  public static SeedRun streaming(long seed, double overall, double backSeconds) {
    SeedRun run = reaching(seed, 120);
    List<PrequentialPoint> points = new ArrayList<>();
    points.add(new PrequentialPoint(50, 0.9, 0.85, 500, Double.NaN, Double.NaN));
    points.add(new PrequentialPoint(101, 0.7, 0.8, 1000, 0.5, 2));
    if (!Double.isNaN(backSeconds)) {
      points.add(new PrequentialPoint(backSeconds, 0.89, 0.85, 1500, 0.5, 2));
    }
    points.add(new PrequentialPoint(600, 0.8, overall, 6000, 0.8, 2.1));
    WorkerId worker = new WorkerId("w1");
    return new SeedRun(
        seed,
        run.stoppedBy(),
        run.seconds(),
        run.curve(),
        run.totals(),
        run.window(),
        List.of(),
        List.of(),
        ServerTrace.NONE,
        new StreamTrace(
            points,
            List.of(new DriftPoint(102, worker, true, 0.08, 0.31)),
            1,
            List.of(100.0),
            3,
            0));
  }

  /** A run that ends at 0.8. */
  public static SeedRun missing(long seed) {
    return run(seed, "time", 10, 0.5, 600, 0.8);
  }

  /** A run that diverged after having reached 0.9. */
  public static SeedRun diverged(long seed) {
    return run(seed, SeedRun.DIVERGED, 10, 0.5, 50, 0.9, 60, Double.NaN);
  }

  public static Comparison.PresetRuns preset(String name, SeedRun... runs) {
    return new Comparison.PresetRuns(name, Map.of(), List.of(runs));
  }

  /** Of presets to 0.85 in 600 s, without an ideal bound. */
  public static Comparison comparison(Comparison.PresetRuns... presets) {
    return comparison(OptionalDouble.of(0.85), List.of(), presets);
  }

  public static Comparison comparison(
      OptionalDouble target, List<SeedRun> ideal, Comparison.PresetRuns... presets) {
    return new Comparison(
        "homo-b", target, 600, "cnn", "fashion-mnist", List.of(), List.of(presets), ideal);
  }
}
