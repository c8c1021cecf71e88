package io.dlion.cli.plan;

import io.dlion.core.Phrase;
import io.dlion.core.Shell;
import io.dlion.emulator.environment.Calibration;
import io.dlion.emulator.environment.Environment;
import io.dlion.emulator.environment.SitedWorker;
import io.dlion.monitor.comparison.Figures;
import io.dlion.monitor.comparison.PresetSummary;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;

/** Sentences of a plan that its screen and its report have in common. */
final class PlanNotes {
  /** So many workers are named with what gradients cost them. */
  private static final int WORKERS_MAX = 12;

  private PlanNotes() {}

  /** A site that a plan could not take into account. */
  static String withoutSite(String site) {
    return site + ": planned without it";
  }

  /** Three digits, without zeros at the end. */
  private static String digits(double value) {
    return new BigDecimal(value).round(new MathContext(3)).stripTrailingZeros().toPlainString();
  }

  /**
   * Accuracy at the end of a method's runs, in percent: where all reached the target, at least it.
   */
  static String accuracy(Plan plan, PresetSummary method) {
    return method.reachedAlways()
        ? "≥ " + Figures.percent(plan.request().target())
        : Figures.percent(method.accuracy());
  }

  /** What is recommended, or that the target is out of reach, in one sentence. */
  static String verdict(Plan plan) {
    Decision decision = plan.decision();
    String name = decision.chosen().preset();
    String target = Phrase.of("%.1f %%", 100 * plan.request().target());
    if (decision.reached()) {
      return Phrase.of(
          "%s reaches %s after %s s",
          name, target, Figures.seconds(decision.chosen().secondsToTarget()));
    }
    String budget = Figures.seconds(plan.request().budgetSeconds());
    if (decision.best().reached() > 0) {
      return Phrase.of(
          "none reaches %s in %s s with every seed; the best, %s, does with %d of %d",
          target,
          budget,
          decision.best().preset(),
          decision.best().reached(),
          decision.best().seeds());
    }
    return Phrase.of(
        "none reaches %s in %s s; the best, %s, got to %.1f %%",
        target, budget, decision.best().preset(), 100 * decision.best().accuracy().mean());
  }

  /** What a reader must know before he believes the figures. */
  static List<String> basis(Plan plan) {
    PlanRequest request = plan.request();
    List<String> notes = new ArrayList<>();
    request.sites().silent().forEach(site -> notes.add(withoutSite(site) + "."));
    notes.add(
        Phrase.of(
            "Sites: %s. Lines carry what stands there, whatever the size of the model.",
            request.sites().origin()));
    request.sites().measured().ifPresent(its -> its.notes().forEach(note -> notes.add(note + ".")));
    notes.add(costs(plan));
    notes.add(
        Phrase.of(
            "%s ± is the 95 %% interval of the mean over %d runs.",
            request.trials() > 1
                ? Phrase.of(
                    "Methods were tuned on a tenth of the training data (%d examples in all), and"
                        + " compared on the test data with other seeds.",
                    plan.problem().data().train().count())
                : "No method was tuned; they were compared on the test data.",
            request.runs()));
    notes.add(
        "A run ends at the target: samples, bytes and accuracy are those until then. How accurate a"
            + " method becomes after it was not looked at.");
    notes.add(
        Phrase.of(
            "Accuracy was looked at every %s s: times to the target are no more exact than that.",
            Figures.seconds(request.evaluateEverySeconds())));
    notes.add(
        "Data is divided among the workers in equal parts, also among one more: data that a new site"
            + " would bring is not in the figures.");
    notes.add(
        "Not in the figures: the first half minute of a cold Java, other traffic on the lines"
            + (knowsSharedCores(plan.where()) ? "." : ", and cores that several workers share."));
    return notes;
  }

  private static boolean knowsSharedCores(Environment where) {
    return where.workers().stream().anyMatch(w -> where.sharedCores(w.id()).isPresent());
  }

  /** What a gradient costs, and how that is known. */
  private static String costs(Plan plan) {
    Environment where = plan.where();
    String model = plan.problem().model().name();
    List<String> own = new ArrayList<>();
    for (SitedWorker worker : where.workers()) {
      if (!where.ownCalibrations(worker.id()).isEmpty()) {
        Calibration its = where.calibration(worker.id());
        own.add(
            Phrase.of(
                "%s %s ms + %s ms for each sample",
                worker.id(), digits(1e3 * its.alphaSeconds()), digits(1e3 * its.betaSeconds())));
      }
    }
    if (own.size() == where.workers().size()) {
      return Phrase.of(
          "A gradient of %s was measured on the workers themselves: %s%s.",
          model,
          String.join(", ", own.subList(0, Math.min(own.size(), WORKERS_MAX))),
          own.size() > WORKERS_MAX
              ? Phrase.of(", and %d more in the file", own.size() - WORKERS_MAX)
              : "");
    }
    Calibration cost = where.calibration();
    return cost.equals(Calibration.DEFAULT)
        ? Phrase.of(
            "These sites do not say what a gradient of %s costs. Assumed is %s s + %s s for each"
                + " sample on a machine of 24 cores or speed 4, so all times are only as true as"
                + " that. %s measures it.",
            plan.problem().model().name(),
            Figures.decimals(cost.alphaSeconds(), 2),
            Figures.decimals(cost.betaSeconds(), 3),
            Shell.dlion("calibrate", "--model", plan.problem().model().name()))
        : Phrase.of(
            "A gradient of %s costs %s s + %s s for each sample on a machine of 24 cores or"
                + " speed 4.",
            plan.problem().model().name(), digits(cost.alphaSeconds()), digits(cost.betaSeconds()));
  }
}
