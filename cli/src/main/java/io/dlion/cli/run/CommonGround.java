package io.dlion.cli.run;

import io.dlion.cli.job.Durations;
import io.dlion.cli.job.Job;
import io.dlion.cli.problem.Problem;
import io.dlion.core.Phrase;
import io.dlion.core.layout.ParameterLayout;
import io.dlion.engine.ModelSpec;
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

  /** What begins the names of settings of a worker's stream. */
  private static final Set<String> OWN_SECTIONS = Set.of("stream", "replay", "drift");

  private CommonGround() {}

  static Map<String, String> of(Job job, Problem problem) {
    Map<String, String> common = new TreeMap<>(job.settings().asMap());
    common.keySet().removeAll(OWN_SETTINGS);
    common.keySet().removeIf(key -> OWN_SECTIONS.contains(key.replaceFirst("[.].*", "")));
    common.putAll(model(job, problem.model()));
    common.put("seed", Long.toString(job.seed()));
    job.goal().epochs().ifPresent(e -> common.put("epochs", e.toString()));
    job.goal().time().ifPresent(t -> common.put("time", Durations.text(t)));
    job.goal().targetAccuracy().ifPresent(a -> common.put("target-accuracy", a.toString()));
    job.goal().patience().ifPresent(n -> common.put("patience", n.toString()));
    return common;
  }

  /**
   * A built-in model's name says all: its size follows from the data, which workers agree on. Of a
   * file, whatever it is called, its parameters, and what training does not change.
   */
  private static Map<String, String> model(Job job, ModelSpec model) {
    if (!job.model().contains("/")) {
      return Map.of("model", job.model());
    }
    Map<String, String> common = new TreeMap<>();
    common.put("model", "a TorchScript file with " + model.parameters());
    common.put("parameters of the model", fingerprint(model.parameters()));
    if (!model.bufferLayout().variables().isEmpty()) {
      common.put("buffers of the model", fingerprint(model.bufferLayout()));
    }
    if (!model.constants().isEmpty()) {
      common.put("constants of the model", model.constants());
    }
    return common;
  }

  private static String fingerprint(ParameterLayout layout) {
    return Phrase.of("%08x", layout.fingerprint());
  }
}
