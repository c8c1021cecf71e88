package io.dlion.cli.run;

import io.dlion.cli.job.Durations;
import io.dlion.cli.job.Job;
import io.dlion.core.Phrase;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What all workers of a run must have in common, by name, for people to read. What concerns their
 * data is compared by {@link DataAgreement}.
 */
final class CommonGround {
  /** Settings that concern nobody else. */
  private static final Set<String> OWN_SETTINGS = Set.of("checkpoint.every", "evaluate.examples");

  private CommonGround() {}

  static Map<String, String> of(Job job, Problem problem) {
    Map<String, String> common = new TreeMap<>(job.settings().asMap());
    common.keySet().removeAll(OWN_SETTINGS);
    common.put("model", model(job, problem));
    common.put("seed", Long.toString(job.seed()));
    job.goal().epochs().ifPresent(e -> common.put("epochs", e.toString()));
    job.goal().time().ifPresent(t -> common.put("time", Durations.text(t)));
    job.goal().targetAccuracy().ifPresent(a -> common.put("target-accuracy", a.toString()));
    job.goal().patience().ifPresent(n -> common.put("patience", n.toString()));
    return common;
  }

  /**
   * A built-in model's name says all: its size follows from the data, which workers agree on. Of a
   * file, its parameters.
   */
  private static String model(Job job, Problem problem) {
    String name = job.model().replaceAll(".*/", "");
    return name.equals(job.model())
        ? name
        : Phrase.of(
            "%s with %s (%08x)",
            name, problem.model().parameters(), problem.model().parameters().fingerprint());
  }
}
