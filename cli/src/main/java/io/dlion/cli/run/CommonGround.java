package io.dlion.cli.run;

import io.dlion.cli.job.Durations;
import io.dlion.cli.job.Job;
import io.dlion.core.Phrase;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What all workers of a run must have in common, by name, for people to read. Two models of one
 * shape may mean different things: where data names its classes or symbols, these count, too, in
 * their order, for a worker's data says which number each of them has.
 */
final class CommonGround {
  /** Settings that concern nobody else. */
  private static final Set<String> OWN_SETTINGS = Set.of("checkpoint.every", "evaluate.examples");

  private static final int NAMES_LENGTH_MAX = 200;

  private CommonGround() {}

  static Map<String, String> of(Job job, Problem problem) {
    Map<String, String> common = new TreeMap<>(job.settings().asMap());
    common.keySet().removeAll(OWN_SETTINGS);
    common.put(
        "model",
        Phrase.of(
            "%s with %s (%08x)",
            job.model().replaceAll(".*/", ""),
            problem.model().parameters(),
            problem.model().parameters().fingerprint()));
    common.put("seed", Long.toString(job.seed()));
    job.goal().epochs().ifPresent(e -> common.put("epochs", e.toString()));
    job.goal().time().ifPresent(t -> common.put("time", Durations.text(t)));
    job.goal().targetAccuracy().ifPresent(a -> common.put("target-accuracy", a.toString()));
    List<String> classes = problem.data().preprocessing().classNames();
    if (!classes.isEmpty()) {
      common.put("classes", text(classes));
    }
    return common;
  }

  private static String text(List<String> names) {
    String all = String.join(" ", names);
    return all.length() <= NAMES_LENGTH_MAX
        ? all
        : Phrase.of(
            "%d from %s to %s (%08x)",
            names.size(), names.getFirst(), names.getLast(), names.hashCode());
  }
}
