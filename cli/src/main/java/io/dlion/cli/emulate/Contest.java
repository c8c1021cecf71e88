package io.dlion.cli.emulate;

import io.dlion.cli.problem.Problem;
import io.dlion.core.report.ReportSink;
import io.dlion.core.settings.Presets;
import io.dlion.core.settings.Settings;
import io.dlion.emulator.environment.Environment;
import io.dlion.monitor.comparison.Comparison;
import io.dlion.monitor.comparison.trace.SeedRun;
import io.dlion.monitor.log.MetricsLog;
import io.dlion.monitor.run.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All methods and the ideal bound in one environment, with all seeds. Begins when it is made;
 * confined to one thread, its trials are run by others.
 */
final class Contest {
  private static final String IDEAL = "ideal";
  private static final String NO_IDEAL = "stopped on request: the ideal bound is not known";

  /** The preset that exchanges nothing. */
  private static final String LOCAL = "local";

  private final EmulationRequest request;
  private final Problem problem;
  private final Environment environment;
  private final int rank;
  private final RunEmulator trial;
  private final Trials trials;
  private final RunFolder folder;
  private final EmulationProgress progress;
  private final Map<ComparedMethod, List<Trials.Run>> methods = new LinkedHashMap<>();
  private final RelayNotes relayed = new RelayNotes();
  private final Optional<IdealBound> ideal;

  /**
   * Begins it.
   *
   * @param request what was asked for
   * @param problem data and model
   * @param environment where
   * @param rank of its trials among those of other contests
   * @param trial runs them
   * @param trials has them run
   * @param folder takes their metrics
   * @param progress is shown to people
   */
  Contest(
      EmulationRequest request,
      Problem problem,
      Environment environment,
      int rank,
      RunEmulator trial,
      Trials trials,
      RunFolder folder,
      EmulationProgress progress) {
    this.request = request;
    this.problem = problem;
    this.environment = environment;
    this.rank = rank;
    this.trial = trial;
    this.trials = trials;
    this.folder = folder;
    this.progress = progress;
    for (ComparedMethod variant : request.variants(environment)) {
      methods.put(variant, request.seeds().stream().map(seed -> method(variant, seed)).toList());
    }
    ideal =
        request.ideal() && !environment.hasStreams()
            ? Optional.of(idealBound())
            : Optional.empty(); // one model would have to be where all records arrive
  }

  /** Where it takes place. */
  String environment() {
    return environment.name();
  }

  /** The comparison, if there is one; methods that were not run with every seed are left out. */
  Optional<Comparison> result() throws IOException, InterruptedException {
    List<Comparison.PresetRuns> presets = new ArrayList<>();
    for (Map.Entry<ComparedMethod, List<Trials.Run>> method : methods.entrySet()) {
      ComparedMethod variant = method.getKey();
      List<SeedRun> runs = complete(method.getValue());
      if (!runs.isEmpty()) {
        presets.add(
            new Comparison.PresetRuns(variant.name(), EmulationRecord.changes(variant), runs));
      }
    }
    if (presets.isEmpty()) {
      return Optional.empty();
    }
    List<String> notes = new ArrayList<>();
    if (presets.size() < methods.size()) {
      notes.add("stopped on request: not all methods were run");
    }
    notes.addAll(relayed.notes(request.seeds().size()));
    List<SeedRun> bound = ideal.isPresent() ? ideal(ideal.get(), notes) : List.of();
    return Optional.of(
        new Comparison(
            environment.name(),
            request.target(),
            request.budget().toNanos() / 1e9,
            request.job().model(),
            problem.data().name(),
            notes,
            presets,
            bound));
  }

  /** What all of them came to, or nothing. */
  private static List<SeedRun> complete(List<Trials.Run> all)
      throws IOException, InterruptedException {
    List<SeedRun> runs = new ArrayList<>();
    for (Trials.Run run : all) {
      run.await().ifPresent(runs::add);
    }
    return runs.size() < all.size() ? List.of() : runs;
  }

  private Trials.Run method(ComparedMethod variant, long seed) {
    return one(
        variant.name(),
        seed,
        sink ->
            trial.run(
                environment,
                variant.settings(),
                seed,
                sink,
                (pair, over, from, to, bytes) ->
                    relayed.relayed(variant.name(), pair, over, from, to, bytes)));
  }

  private IdealBound idealBound() {
    long first = request.seeds().getFirst();
    double rate = local().number("optimizer.learning-rate");
    return new IdealBound(rate, setting -> ideal(setting, first), order());
  }

  /** The settings that are best with the first seed are used for all. */
  private List<SeedRun> ideal(IdealBound bound, List<String> notes)
      throws IOException, InterruptedException {
    Optional<IdealBound.Choice> choice = bound.best();
    if (choice.isEmpty()) {
      notes.add(NO_IDEAL);
      return List.of();
    }
    IdealBound.Setting setting = choice.get().setting();
    List<Trials.Run> all = new ArrayList<>(List.of(choice.get().run()));
    request.seeds().stream().skip(1).forEach(seed -> all.add(ideal(setting, seed)));
    List<SeedRun> runs = complete(all);
    notes.add(
        runs.isEmpty()
            ? NO_IDEAL
            : "ideal: " + setting + ", the best of " + choice.get().tried() + " settings");
    return runs;
  }

  private Trials.Run ideal(IdealBound.Setting setting, long seed) {
    Settings settings =
        local()
            .with("batching.initial", Integer.toString(setting.batch()))
            .with("optimizer.averaging", Integer.toString(setting.averaging()))
            .with("optimizer.learning-rate", Double.toString(setting.rate()));
    String name = IDEAL + "-" + setting.batch() + "-" + setting.averaging() + "-" + setting.rate();
    return one(name, seed, sink -> trial.ideal(environment, settings, seed, sink));
  }

  /** Settings of a worker that exchanges nothing. */
  private Settings local() {
    return problem.fitted(Presets.find(LOCAL).settings());
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

  private Trials.Run one(String name, long seed, Running running) {
    return trials.submit(rank, () -> recorded(name, seed, running));
  }

  private SeedRun recorded(String name, long seed, Running running) throws IOException {
    Path metrics =
        Files.createDirectories(folder.path().resolve(environment.name()))
            .resolve(name + "-seed" + seed + ".jsonl");
    try (MetricsLog log = MetricsLog.open(metrics);
        EmulationProgress.Line line = progress.begin(environment.name(), name, seed)) {
      SeedRun run =
          running.run(report -> {
            log.accept(report);
            line.accept(report);
          });
      line.end(run, trials.cancelled());
      return run;
    }
  }
}
