package io.dlion.cli.emulate;

import io.dlion.cli.console.Version;
import io.dlion.cli.job.Job;
import io.dlion.cli.problem.Problem;
import io.dlion.core.settings.Presets;
import io.dlion.emulator.environment.Environment;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.Yaml;

/**
 * What an emulation was made of, for its run folder.
 *
 * @param request what was asked for
 * @param job data and model
 * @param problem the same, opened
 * @param version of this program
 */
record EmulationRecord(EmulationRequest request, Job job, Problem problem, Version version) {
  /** One line for people. */
  String summary() {
    return count(request.environments().size(), "environment")
        + ", "
        + count(request.variants().size(), "method")
        + ", "
        + count(request.seeds().size(), "seed")
        + ", "
        + request.budget().toSeconds()
        + " s each; "
        + problem.model().name()
        + ", "
        + problem.model().parameters();
  }

  private static String count(int number, String what) {
    return number + " " + what + (number == 1 ? "" : "s");
  }

  String toYaml() {
    DumperOptions options = new DumperOptions();
    options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
    String comments =
        version.lines().stream().map(l -> "# " + l + "\n").collect(Collectors.joining());
    return comments + "# " + request.command() + "\n" + new Yaml(options).dump(asMap());
  }

  /** Every setting of every method that is not its preset's. */
  static Map<String, String> changes(ComparedMethod variant) {
    Map<String, String> preset = Presets.find(variant.preset()).settings().asMap();
    Map<String, String> changes = new LinkedHashMap<>(variant.settings().asMap());
    changes.entrySet().removeIf(e -> e.getValue().equals(preset.get(e.getKey())));
    return changes;
  }

  /** What one must know to repeat it, besides the command. */
  Map<String, String> facts() {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("version", version.toString());
    facts.put("data", problem.data().name() + ", fingerprint " + problem.data().fingerprint());
    facts.put("partition", job.partition());
    facts.put("trained", job.model() + ", " + problem.model().parameters());
    facts.put("seeds", request.seeds().toString());
    request.variants().forEach(v -> facts.put(v.name(), changes(v).toString()));
    request
        .tuned()
        .files()
        .all()
        .forEach(file -> facts.put("tuned in " + file.environment(), file.file()));
    return facts;
  }

  private Map<String, Object> asMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("data", job.data());
    map.put("fingerprint", problem.data().fingerprint());
    map.put("partition", job.partition());
    map.put("model", job.model());
    map.put("environments", request.environments().stream().map(Environment::name).toList());
    if (!request.adjustments().values().isEmpty()) {
      map.put("environment-changes", new LinkedHashMap<>(request.adjustments().values()));
    }
    map.put("budget-seconds", request.budget().toMillis() / 1e3);
    map.put("evaluate-every-seconds", request.evaluateEvery().toMillis() / 1e3);
    request.target().ifPresent(target -> map.put("target", target));
    map.put("seeds", List.copyOf(request.seeds()));
    Map<String, Object> presets = new LinkedHashMap<>();
    request.variants().forEach(v -> presets.put(v.name(), v.settings().asMap()));
    map.put("presets", presets);
    Map<String, Object> tuned = new LinkedHashMap<>();
    request
        .tuned()
        .byEnvironment()
        .forEach((environment, methods) -> {
          Map<String, Object> changed = new LinkedHashMap<>();
          methods.forEach(method -> changed.put(method.name(), changes(method)));
          tuned.put(environment, changed);
        });
    if (!tuned.isEmpty()) {
      map.put("tuned", tuned);
    }
    return map;
  }
}
