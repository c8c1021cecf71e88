package io.dlion.cli.tune;

import io.dlion.cli.console.Console;
import io.dlion.cli.console.Version;
import io.dlion.cli.emulate.ComparedMethod;
import io.dlion.cli.emulate.RunEmulator;
import io.dlion.cli.emulate.RunsAtOnce;
import io.dlion.cli.emulate.TimeLeft;
import io.dlion.cli.emulate.Trials;
import io.dlion.cli.problem.Problem;
import io.dlion.core.Phrase;
import io.dlion.core.UserError;
import io.dlion.core.tune.Halving;
import io.dlion.core.tune.Standing;
import io.dlion.emulator.environment.Environment;
import io.dlion.monitor.run.RunFolder;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Tunes all methods of a request in one environment after the other. Trials that are done are kept
 * in a folder and found again. Confined to one thread; trials are run by others.
 */
public final class Tuner {
  private final TuneRequest request;
  private final TimeLeft left;
  private final TuneProgress progress;
  private final Rounds rounds;

  private Tuner(TuneRequest request, TimeLeft left, TuneProgress progress, Rounds rounds) {
    this.request = request;
    this.left = left;
    this.progress = progress;
    this.rounds = rounds;
  }

  /**
   * What came of a method.
   *
   * @param method as it was before
   * @param changes what its best trial changes; empty where the method is best as it is
   * @param standing what came of its trials of the whole time, on validation data
   */
  public record Outcome(ComparedMethod method, Map<String, String> changes, Standing standing) {
    /** Copies the map. */
    public Outcome {
      changes = Map.copyOf(changes);
    }
  }

  /**
   * Begins, with the trials that a folder keeps.
   *
   * @param request what is tuned, fitted to the problem
   * @param problem data and model; its test examples judge
   * @param folder keeps the trials
   * @param more what else decides the result of trials, by name
   * @param trials has them run
   * @param atOnce how many of them run at a time
   * @throws UserError where the folder has trials of something else
   */
  public static Tuner open(
      TuneRequest request,
      Problem problem,
      RunFolder folder,
      Map<String, String> more,
      Trials trials,
      int atOnce,
      Console console)
      throws IOException {
    Map<String, String> about = about(request, problem);
    about.putAll(more);
    TrialLedger ledger =
        TrialLedger.open(folder, about, Version.current().toString(), console.err()::println);
    TimeLeft left = new TimeLeft(atOnce);
    TuneProgress progress = new TuneProgress(console, left);
    RunEmulator whole = emulator(request, problem, atOnce, trials).until(request.target());
    Rounds rounds = new Rounds(request, ledger, trials, progress, whole);
    return new Tuner(request, left, progress, rounds);
  }

  /** Counts on all trials, before the first of them. */
  public void expectAll() {
    int searches = request.environments().size() * request.methods().size();
    rungs(request).forEach(rung -> left.expect(searches * rung.trials(), rung.nanos() / 1e9));
  }

  /** How many runs there are, and how long they will take. */
  public TimeLeft left() {
    return left;
  }

  /** How long trials take at most, for people. */
  public static String effort(TuneRequest request) {
    List<Halving.Rung> rungs = rungs(request);
    return Phrase.of(
        "%d trials and %s%.0f virtual s of each method",
        rungs.stream().mapToInt(Halving.Rung::trials).sum(),
        request.target().isPresent() ? "at most " : "",
        Halving.nanosOfAll(rungs) / 1e9);
  }

  private static List<Halving.Rung> rungs(TuneRequest request) {
    return Halving.rungs(request.trials(), request.time().toNanos());
  }

  /** What came of all methods in an environment; empty where it was stopped before the end. */
  public Optional<List<Outcome>> tune(Environment environment)
      throws IOException, InterruptedException {
    return search(environment)
        .map(searches ->
            searches.stream()
                .map(one -> new Outcome(one.method(), one.bestChanges(), one.bestStanding()))
                .toList());
  }

  /**
   * The searches of all methods at their end; empty where they were stopped before.
   *
   * @param environment scaled to the model, or not, as trials are to be
   */
  Optional<List<MethodSearch>> search(Environment environment)
      throws IOException, InterruptedException {
    List<MethodSearch> searches =
        request.methods().stream()
            .map(method ->
                new MethodSearch(
                    environment.name(),
                    method,
                    request.fixed().getOrDefault(method.name(), Set.of()),
                    request.trials(),
                    request.seed()))
            .toList();
    return rounds.run(environment, searches, rungs(request))
        ? Optional.of(searches)
        : Optional.empty();
  }

  /** Prints a line between those of trials. */
  void say(String line) {
    progress.say(line);
  }

  /** How many trials may be under way at a time. */
  public static int atOnce(TuneRequest request, Problem problem) {
    return RunsAtOnce.of(
        request.environments(),
        request.methods().stream().map(ComparedMethod::settings).toList(),
        problem,
        request.cores());
  }

  /** A run's emulator with the whole time, which each rung changes to its own. */
  private static RunEmulator emulator(
      TuneRequest request, Problem problem, int atOnce, Trials trials) {
    return RunEmulator.of(
        problem,
        request.job(),
        request.methods().getFirst().settings(),
        request.time(),
        request.evaluateEvery(),
        request.cores(),
        atOnce,
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
