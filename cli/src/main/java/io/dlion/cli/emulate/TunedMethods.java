package io.dlion.cli.emulate;

import io.dlion.cli.problem.Problem;
import io.dlion.cli.tuned.TunedFiles;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Methods with the settings that they were tuned to.
 *
 * @param files that the settings are from
 * @param byEnvironment all methods that are compared, for each environment that has a file
 */
record TunedMethods(TunedFiles files, Map<String, List<ComparedMethod>> byEnvironment) {
  TunedMethods {
    byEnvironment = Collections.unmodifiableMap(new LinkedHashMap<>(byEnvironment));
  }

  /** What is compared in an environment, if a file says something about it. */
  Optional<List<ComparedMethod>> in(String environment) {
    return Optional.ofNullable(byEnvironment.get(environment));
  }

  /** The same, with what was left open filled in for a model and its data. */
  TunedMethods fittedTo(Problem problem) {
    Map<String, List<ComparedMethod>> fitted = new LinkedHashMap<>();
    byEnvironment.forEach((environment, methods) ->
        fitted.put(environment, methods.stream().map(m -> m.fittedTo(problem)).toList()));
    return new TunedMethods(files, fitted);
  }
}
