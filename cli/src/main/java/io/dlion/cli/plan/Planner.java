package io.dlion.cli.plan;

import io.dlion.cli.console.Console;
import io.dlion.cli.emulate.RunEmulator;
import io.dlion.cli.emulate.TimeLeft;
import io.dlion.cli.emulate.Trials;
import io.dlion.cli.problem.Problem;
import io.dlion.cli.tune.TuneRequest;
import io.dlion.cli.tune.Tuner;
import io.dlion.core.UserError;
import io.dlion.core.tune.Standing;
import io.dlion.core.tune.TrialScore;
import io.dlion.emulator.environment.Environment;
import io.dlion.monitor.comparison.Comparison;
import io.dlion.monitor.comparison.ComparisonSummary;
import io.dlion.monitor.comparison.PresetSummary;
import io.dlion.monitor.comparison.trace.SeedRun;
import io.dlion.monitor.run.RunFolder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Makes a plan in three steps: tunes each method, emulates all of them as they were tuned, and
 * emulates the recommended one with improved sites. A run ends at the target: nothing after it is
 * asked for. Whatever is done is kept.
 *
 * @param request what is wanted, fitted to the problem
 * @param problem data and model
 * @param where the sites, with lines and costs as they are
 * @param kept the folder that trials and runs are kept in
 * @param console is told how it goes
 */
record Planner(
    PlanRequest request, Problem problem, Environment where, RunFolder kept, Console console) {
  /**
   * The plan; empty where it was stopped before the end.
   *
   * @param trials has runs run
   * @param atOnce how many at a time
   * @throws UserError where every method diverged
   */
  Optional<Plan> plan(Trials trials, int atOnce) throws IOException, InterruptedException {
    TuneRequest tuning = request.tuning(where);
    Tuner tuner =
        Tuner.open(
            tuning,
            problem.forValidation(),
            kept,
            Map.of(
                "sites",
                request.sites().identity(),
                "sample",
                Integer.toString(problem.data().train().count())),
            trials,
            atOnce,
            console);
    boolean tunes = request.trials() > 1;
    TimeLeft left = expected(tuner, tunes);
    say("");
    say(
        "1. tune: "
            + (tunes
                ? Tuner.effort(tuning) + ", judged on a tenth of the training data"
                : "nothing, as --trials 1 says"));
    Optional<List<Tuner.Outcome>> tuned = tunes ? tuner.tune(where) : Optional.of(asTheyAre());
    if (tuned.isEmpty()) {
      return Optional.empty();
    }
    List<Contender> contenders = Contender.of(tuned.get());
    left.expect((contenders.size() - contendersMax(tunes)) * request.runs(), seconds());
    return compared(
        contenders,
        new Emulations(
            request, emulator(trials, atOnce), new RunLedger(kept), trials, left, console));
  }

  /** How many runs there will be at most. */
  private TimeLeft expected(Tuner tuner, boolean tunes) {
    if (tunes) {
      tuner.expectAll();
    }
    TimeLeft left = tuner.left();
    int upgrades = request.whatIf() ? Upgrade.COUNT_MAX : 0;
    left.expect((contendersMax(tunes) + upgrades) * request.runs(), seconds());
    return left;
  }

  /** All methods, tuned or not, and the one that fits itself as it is. */
  private int contendersMax(boolean tunes) {
    return request.methods().size() + (tunes ? 1 : 0);
  }

  private double seconds() {
    return request.budgetSeconds();
  }

  /** The plan, once methods are tuned. */
  private Optional<Plan> compared(List<Contender> contenders, Emulations emulations)
      throws IOException, InterruptedException {
    say("");
    say("2. compare: " + request.runs() + " runs of each method, judged on the test data");
    Optional<ComparisonSummary> compared = compared(emulations, contenders);
    if (compared.isEmpty()) {
      return Optional.empty();
    }
    ComparisonSummary summary = compared.get();
    Decision decision = decision(summary, contenders);
    List<Traffic> traffic = Traffic.of(where, Plan.runs(summary, decision.chosen().preset()));
    return gains(emulations, contenders, decision, traffic)
        .map(gains ->
            new Plan(request, problem, where, contenders, summary, decision, traffic, gains));
  }

  private List<Tuner.Outcome> asTheyAre() {
    Standing unknown = Standing.of(new TrialScore(OptionalDouble.empty(), Double.NaN, false));
    return request.methods().stream()
        .map(method -> new Tuner.Outcome(method, Map.of(), unknown))
        .toList();
  }

  private Decision decision(ComparisonSummary summary, List<Contender> contenders) {
    Set<String> plain =
        contenders.stream()
            .filter(Contender::isAsItIs)
            .map(Contender::name)
            .collect(Collectors.toSet());
    return Decision.of(summary, plain, request.evaluateEverySeconds())
        .orElseThrow(() ->
            new UserError(
                "every method diverged, with some seed at least: nothing can be recommended. Look"
                    + " at data and model (dlion data DIR), or try other methods with --preset"));
  }

  private Optional<ComparisonSummary> compared(Emulations emulations, List<Contender> contenders)
      throws IOException, InterruptedException {
    List<Emulations.Task> tasks =
        contenders.stream()
            .map(c ->
                new Emulations.Task(
                    "methods", c.name(), where, request.sites().identity(), c.method()))
            .toList();
    return emulations.run(tasks).map(runs -> summary(contenders, runs));
  }

  private ComparisonSummary summary(List<Contender> contenders, List<List<SeedRun>> runs) {
    List<Comparison.PresetRuns> methods = new ArrayList<>();
    for (int i = 0; i < contenders.size(); i++) {
      Contender c = contenders.get(i);
      methods.add(new Comparison.PresetRuns(c.name(), c.found(), runs.get(i)));
    }
    return ComparisonSummary.of(comparison(methods));
  }

  private Comparison comparison(List<Comparison.PresetRuns> methods) {
    return new Comparison(
        where.name(),
        OptionalDouble.of(request.target()),
        request.budgetSeconds(),
        problem.model().name(),
        problem.data().name(),
        List.of(),
        methods,
        List.of());
  }

  private Optional<List<Gain>> gains(
      Emulations emulations, List<Contender> contenders, Decision decision, List<Traffic> traffic)
      throws IOException, InterruptedException {
    if (!request.whatIf()) {
      return Optional.of(List.of());
    }
    PresetSummary now = decision.chosen();
    say("");
    say("3. what if: " + now.preset() + " with better sites");
    Contender chosen =
        contenders.stream().filter(c -> c.name().equals(now.preset())).findFirst().orElseThrow();
    List<Upgrade> upgrades = Upgrade.of(where, traffic, request.like());
    emulations.left().expect((upgrades.size() - Upgrade.COUNT_MAX) * request.runs(), seconds());
    List<Emulations.Task> tasks =
        upgrades.stream()
            .map(better ->
                new Emulations.Task(
                    "what-if-" + better.key(),
                    better.name(),
                    better.environment(),
                    request.sites().identity() + ", " + better.title(),
                    chosen.method()))
            .toList();
    return emulations
        .run(tasks)
        .map(runs -> {
          List<Gain> gains = new ArrayList<>();
          for (int i = 0; i < runs.size(); i++) {
            Comparison.PresetRuns one =
                new Comparison.PresetRuns(now.preset(), Map.of(), runs.get(i));
            PresetSummary then =
                ComparisonSummary.of(comparison(List.of(one))).presets().getFirst();
            gains.add(new Gain(upgrades.get(i), now, then, request.evaluateEverySeconds()));
          }
          return gains;
        });
  }

  private RunEmulator emulator(Trials trials, int atOnce) {
    return RunEmulator.of(
            problem,
            request.job(),
            request.methods().getFirst().settings(),
            request.budget(),
            request.evaluateEvery(),
            request.cores(),
            atOnce,
            trials::cancelled)
        .until(OptionalDouble.of(request.target()));
  }

  private void say(String line) {
    console.out().println(line);
    console.out().flush();
  }
}
