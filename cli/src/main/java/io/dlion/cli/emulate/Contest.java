package io.dlion.cli.emulate;

import io.dlion.cli.run.Problem;
import io.dlion.core.report.ReportSink;
import io.dlion.core.settings.Presets;
import io.dlion.core.settings.Settings;
import io.dlion.emulator.environment.Environment;
import io.dlion.monitor.MetricsLog;
import io.dlion.monitor.RunFolder;
import io.dlion.monitor.comparison.Comparison;
import io.dlion.monitor.comparison.SeedRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * All methods and the ideal bound in one environment, with all seeds.
 *
 * @param request what was asked for
 * @param problem data and model
 * @param environment where
 * @param trial runs them
 * @param folder takes their metrics
 * @param progress is shown to people
 * @param cancelled whether somebody wants it to end: what is complete is kept
 */
record Contest(
    EmulationRequest request,
    Problem problem,
    Environment environment,
    Trial trial,
    RunFolder folder,
    EmulationProgress progress,
    BooleanSupplier cancelled) {
  /** The batch sizes that the ideal bound may choose from. */
  private static final List<Integer> IDEAL_BATCHES = List.of(32, 64, 96, 192);

  private static final String IDEAL = "ideal";

  /** The preset that exchanges nothing. */
  private static final String LOCAL = "local";

  /** The comparison; methods that were not run with every seed are left out. */
  Comparison run() throws IOException {
    List<Comparison.PresetRuns> presets = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    for (Variant variant : request.variants()) {
      List<SeedRun> runs = new ArrayList<>();
      for (long seed : request.seeds()) {
        if (!cancelled.getAsBoolean()) {
          runs.add(one(variant.name(), seed, sink -> method(variant, seed, sink)));
        }
      }
      if (cancelled.getAsBoolean()) {
        notes.add("stopped on request: not all methods were run");
        break;
      }
      presets.add(
          new Comparison.PresetRuns(variant.name(), EmulationRecord.changes(variant), runs));
    }
    List<SeedRun> ideal = request.ideal() && !cancelled.getAsBoolean() ? ideal(notes) : List.of();
    return new Comparison(
        environment.name(),
        request.target(),
        request.budget().toNanos() / 1e9,
        request.job().model(),
        problem.data().name(),
        notes,
        presets,
        ideal);
  }

  private SeedRun method(Variant variant, long seed, ReportSink sink) {
    return trial.run(environment, variant.settings(), seed, sink);
  }

  /** The best batch size with the first seed is used for all. */
  private List<SeedRun> ideal(List<String> notes) throws IOException {
    SeedRun best = null;
    int batch = 0;
    for (int candidate : IDEAL_BATCHES) {
      SeedRun run = ideal(candidate, request.seeds().getFirst());
      if (cancelled.getAsBoolean()) {
        return List.of();
      }
      if (best == null || order().compare(run, best) < 0) {
        best = run;
        batch = candidate;
      }
    }
    List<SeedRun> runs = new ArrayList<>();
    for (long seed : request.seeds()) {
      if (best != null && !cancelled.getAsBoolean()) {
        runs.add(seed == best.seed() ? best : ideal(batch, seed));
      }
    }
    notes.add("ideal: batches of " + batch + ", the best of " + IDEAL_BATCHES);
    return cancelled.getAsBoolean() ? List.of() : runs;
  }

  private SeedRun ideal(int batch, long seed) throws IOException {
    Settings settings =
        problem.fitted(
            Presets.find(LOCAL).settings().with("batching.initial", Integer.toString(batch)));
    return one(IDEAL + "-" + batch, seed, sink -> trial.ideal(environment, settings, seed, sink));
  }

  /** Sooner at the target first, then more accurate. */
  private Comparator<SeedRun> order() {
    double budget = request.budget().toNanos() / 1e9;
    return Comparator.<SeedRun>comparingDouble(run ->
            request.target().isEmpty()
                ? 0
                : run.secondsTo(request.target().getAsDouble(), budget)
                    .orElse(Double.POSITIVE_INFINITY))
        .thenComparingDouble(run -> -run.totals().accuracy());
  }

  private interface Running {
    SeedRun run(ReportSink sink);
  }

  private SeedRun one(String name, long seed, Running running) throws IOException {
    Path metrics =
        Files.createDirectories(folder.path().resolve(environment.name()))
            .resolve(name + "-seed" + seed + ".jsonl");
    try (MetricsLog log = MetricsLog.open(metrics)) {
      progress.begin(environment.name(), name, seed);
      SeedRun run =
          running.run(report -> {
            log.accept(report);
            progress.accept(report);
          });
      progress.end(run);
      return run;
    }
  }
}
