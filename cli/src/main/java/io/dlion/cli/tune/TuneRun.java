package io.dlion.cli.tune;

import io.dlion.cli.console.Console;
import io.dlion.cli.console.Interruption;
import io.dlion.cli.console.Version;
import io.dlion.cli.emulate.ComparedMethod;
import io.dlion.cli.emulate.RunEmulator;
import io.dlion.cli.emulate.RunsAtOnce;
import io.dlion.cli.emulate.Trials;
import io.dlion.cli.problem.Problem;
import io.dlion.core.Phrase;
import io.dlion.core.tune.Halving;
import io.dlion.data.partition.Partition;
import io.dlion.emulator.environment.Environment;
import io.dlion.emulator.stream.Streams;
import io.dlion.monitor.run.RunFolder;
import io.dlion.monitor.run.RunLock;
import java.io.IOException;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;

/** Tunes, from opening the data to the files with the settings. */
final class TuneRun implements Tuning {
  private final BooleanSupplier stopped;

  /** Until it is done, or somebody interrupts the process. */
  TuneRun() {
    this(() -> false);
  }

  /** Until then, or until this says that it is to stop. */
  TuneRun(BooleanSupplier stopped) {
    this.stopped = stopped;
  }

  @Override
  public int run(TuneRequest asked, Console console) throws IOException, InterruptedException {
    Problem problem = Problem.open(asked.job()).forValidation();
    TuneRequest request = asked.fittedTo(problem);
    for (Environment environment : request.environments()) {
      Streams.require(environment, problem.data().train().shape());
      if (request.methods().stream().anyMatch(m -> !RunEmulator.hasServer(m.settings()))) {
        environment.requireWaysWithoutServers();
      }
    }
    RunFolder folder = new RunFolder(Files.createDirectories(request.out()));
    try (RunLock _ = RunLock.take(folder, console.err()::println);
        Interruption interruption = new Interruption()) {
      TrialLedger ledger =
          TrialLedger.open(
              folder,
              about(request, problem),
              Version.current().toString(),
              console.err()::println);
      return tuned(request, problem, folder, ledger, interruption, console) ? 0 : 1;
    }
  }

  /** Whether all of it was done. */
  private boolean tuned(
      TuneRequest request,
      Problem problem,
      RunFolder folder,
      TrialLedger ledger,
      Interruption interruption,
      Console console)
      throws IOException, InterruptedException {
    List<Halving.Rung> rungs = Halving.rungs(request.trials(), request.time().toNanos());
    TuneProgress progress = progress(request, problem, rungs, console);
    int atOnce =
        RunsAtOnce.of(
            request.environments(),
            request.methods().stream().map(ComparedMethod::settings).toList(),
            problem,
            request.cores());
    try (Trials trials =
        new Trials(atOnce, () -> interruption.requested() || stopped.getAsBoolean())) {
      RunEmulator whole = emulator(request, problem, atOnce, trials);
      Rounds rounds = new Rounds(request, ledger, trials, progress, whole);
      for (Environment environment : request.environments()) {
        Environment scaled =
            environment.forModel(request.job().model(), RunsAtOnce.modelBytes(problem));
        List<MethodSearch> searches = searches(request, environment);
        if (!rounds.run(scaled, searches, rungs)) {
          progress.say(
              "stopped on request: what is done is kept in "
                  + folder.path()
                  + "; the same command goes on");
          return false;
        }
        new TuneResult(request, problem, environment.name(), searches, folder, console).write();
      }
    }
    return true;
  }

  private static List<MethodSearch> searches(TuneRequest request, Environment environment) {
    return request.methods().stream()
        .map(method ->
            new MethodSearch(
                environment.name(),
                method,
                request.fixed().getOrDefault(method.name(), Set.of()),
                request.trials(),
                request.seed()))
        .toList();
  }

  private static TuneProgress progress(
      TuneRequest request, Problem problem, List<Halving.Rung> rungs, Console console) {
    int each = rungs.stream().mapToInt(Halving.Rung::trials).sum();
    TuneProgress progress =
        new TuneProgress(console, request.environments().size() * request.methods().size() * each);
    progress.say(problem.data().description());
    progress.say(
        Phrase.of(
            "%s, %s; %d trials and %.0f virtual s of each method",
            problem.model().name(),
            problem.model().parameters(),
            each,
            Halving.nanosOfAll(rungs) / 1e9));
    return progress;
  }

  /** A run's emulator with the whole time, which each rung changes to its own. */
  private static RunEmulator emulator(
      TuneRequest request, Problem problem, int atOnce, Trials trials) {
    return new RunEmulator(
        problem.data(),
        Problem.sample(
            problem.data().test(),
            request.methods().getFirst().settings().smallInteger("evaluate.examples"),
            1),
        problem.model(),
        Partition.parse(request.job().partition()),
        request.time().toNanos(),
        request.evaluateEvery().toNanos(),
        Math.max(1, request.cores() / atOnce),
        trials::cancelled);
  }

  /** What decides the result of trials, besides environment, method, and what is tried of it. */
  private static Map<String, String> about(TuneRequest request, Problem problem) {
    Map<String, String> about = new LinkedHashMap<>();
    about.put("data", problem.data().name() + ", fingerprint " + problem.data().fingerprint());
    about.put("partition", request.job().partition());
    about.put("model", request.job().model());
    about.put("trials", Integer.toString(request.trials()));
    about.put("time", request.time().toMillis() / 1e3 + " s");
    about.put(
        "target",
        request.target().isPresent() ? Double.toString(request.target().getAsDouble()) : "none");
    about.put("evaluate-every", request.evaluateEvery().toMillis() / 1e3 + " s");
    about.put("seed", Integer.toString(request.seed()));
    about.put(
        "bandwidth",
        request.environments().stream().anyMatch(Environment::hasRealBandwidth)
            ? "real"
            : "scaled");
    return about;
  }
}
