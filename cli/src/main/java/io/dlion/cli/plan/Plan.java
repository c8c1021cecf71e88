package io.dlion.cli.plan;

import io.dlion.cli.emulate.ComparedMethod;
import io.dlion.cli.problem.Problem;
import io.dlion.core.Phrase;
import io.dlion.emulator.environment.Environment;
import io.dlion.monitor.comparison.ComparisonSummary;
import io.dlion.monitor.comparison.Estimate;
import io.dlion.monitor.comparison.Figures;
import io.dlion.monitor.comparison.PresetSummary;
import io.dlion.monitor.comparison.trace.SeedRun;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * A plan: what was found out, and what is recommended.
 *
 * @param request what was asked for
 * @param problem data and model
 * @param where the sites, with lines and costs as they are
 * @param contenders all methods
 * @param summary what came of them
 * @param decision which one to take
 * @param traffic of that one, by link
 * @param gains what upgrades would gain with it
 */
record Plan(
    PlanRequest request,
    Problem problem,
    Environment where,
    List<Contender> contenders,
    ComparisonSummary summary,
    Decision decision,
    List<Traffic> traffic,
    List<Gain> gains) {
  private static final double BYTES_PER_GB = 1e9;

  /** An interval of more than this share of its mean tells little. */
  private static final double WIDE = 0.25;

  /** Who reaches the target after no more evaluations may be as fast as any other. */
  private static final int EVALUATIONS_MIN = 5;

  Plan {
    contenders = List.copyOf(contenders);
    traffic = List.copyOf(traffic);
    gains = List.copyOf(gains);
  }

  /** The recommended method. */
  Contender chosen() {
    return contender(decision.chosen().preset());
  }

  /** A method by its name. */
  Contender contender(String name) {
    return contenders.stream().filter(c -> c.name().equals(name)).findFirst().orElseThrow();
  }

  /** The recommended method with all its settings. */
  ComparedMethod method() {
    return chosen().method();
  }

  /** Why that one, and how sure it is: a sentence each. */
  List<String> reasons() {
    List<String> all = new ArrayList<>(decision.reasons());
    Estimate time = decision.chosen().secondsToTarget();
    if (time.mean() <= EVALUATIONS_MIN * request.evaluateEverySeconds()) {
      all.add(
          Phrase.of(
              "The target is reached within %d evaluations, which are %s s apart: too soon to tell"
                  + " methods apart. A higher --target or a shorter --budget shows more.",
              EVALUATIONS_MIN, Figures.seconds(request.evaluateEverySeconds())));
    }
    if (time.hasInterval() && time.halfWidth() > WIDE * time.mean()) {
      all.add(
          Phrase.of(
              "The interval is wide with %d runs of each method: --runs %d narrows it, and runs that"
                  + " are done are kept.",
              request.runs(), 2 * request.runs()));
    }
    return all;
  }

  /** Runs of a method. */
  List<SeedRun> runs(PresetSummary method) {
    return runs(summary, method.preset());
  }

  static List<SeedRun> runs(ComparisonSummary summary, String name) {
    return summary.comparison().presets().stream()
        .filter(p -> p.preset().equals(name))
        .findFirst()
        .orElseThrow()
        .runs();
  }

  /** Until when the figures of the recommended method are. */
  String until() {
    return decision.reached() ? "until the target" : "until the end of the runs";
  }

  /** What bytes that leave sites cost; empty where no price was given. */
  OptionalDouble price(double bytes) {
    return request.costPerGb().isPresent()
        ? OptionalDouble.of(bytes / BYTES_PER_GB * request.costPerGb().getAsDouble())
        : OptionalDouble.empty();
  }
}
