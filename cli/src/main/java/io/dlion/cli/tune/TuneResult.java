package io.dlion.cli.tune;

import io.dlion.cli.console.Console;
import io.dlion.cli.console.Version;
import io.dlion.cli.problem.Problem;
import io.dlion.cli.tuned.Tuned;
import io.dlion.core.Phrase;
import io.dlion.core.tune.Halving;
import io.dlion.core.tune.Standing;
import io.dlion.monitor.run.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What tuning in an environment leaves: a table on the screen, and {@code tuned.yaml}.
 *
 * @param request what was tuned
 * @param problem data and model
 * @param environment its name
 * @param searches of all methods, at their end
 * @param folder of all of it
 * @param console where the table is shown
 */
record TuneResult(
    TuneRequest request,
    Problem problem,
    String environment,
    List<MethodSearch> searches,
    RunFolder folder,
    Console console) {
  private static final String FILE = "tuned.yaml";

  void write() throws IOException {
    Map<String, Tuned.Method> methods = new LinkedHashMap<>();
    say("");
    say(
        Phrase.of(
            "%s: %s, %.0f s, validation data",
            environment, problem.model().name(), request.time().toMillis() / 1e3));
    for (MethodSearch search : searches) {
      String name = search.method().name();
      if (search.bestStanding().neverSound()) {
        say(Phrase.of("  %-14s every trial diverged: nothing is written of it", name));
        continue;
      }
      methods.put(name, method(search));
      say(
          Phrase.of(
              "  %-14s %s  %s", name, TuneProgress.text(search.bestStanding()), changes(search)));
    }
    noneReached().ifPresent(this::say);
    if (methods.isEmpty()) {
      return;
    }
    Path file = Files.createDirectories(folder.path().resolve(environment)).resolve(FILE);
    List<String> comments = new ArrayList<>(Version.current().lines());
    comments.add(request.command());
    Tuned tuned =
        new Tuned(
            file.toString(),
            environment,
            problem.data().name(),
            problem.model().name(),
            origin(),
            methods);
    folder.writeAtomically(file, tuned.toYaml(comments));
    say("settings     " + file);
  }

  private static String changes(MethodSearch search) {
    String changes =
        search.bestChanges().entrySet().stream()
            .map(change -> change.getKey() + "=" + change.getValue())
            .collect(Collectors.joining(" "));
    return changes.isEmpty() ? "the preset as it is" : changes;
  }

  /** Where there is a target and nobody has reached it. */
  private Optional<String> noneReached() {
    if (request.target().isEmpty()
        || searches.stream().anyMatch(s -> s.bestStanding().reached() > 0)) {
      return Optional.empty();
    }
    return searches.stream()
        .filter(search -> !search.bestStanding().neverSound())
        .min(Comparator.comparing(MethodSearch::bestStanding))
        .map(best ->
            Phrase.of(
                "  no method reached %.1f %% in %.0f s; the best, %s, got to %.1f %%",
                100 * request.target().getAsDouble(),
                request.time().toMillis() / 1e3,
                best.method().name(),
                100 * best.bestStanding().accuracy()));
  }

  private Tuned.Method method(MethodSearch search) {
    Map<String, String> fixed = new LinkedHashMap<>();
    new TreeSet<>(request.fixed().getOrDefault(search.method().name(), Set.of()))
        .forEach(key -> fixed.put(key, search.method().settings().text(key)));
    Standing standing = search.bestStanding();
    Map<String, String> found = new LinkedHashMap<>();
    found.put("trial", Integer.toString(search.best() + 1));
    standing
        .secondsToTarget()
        .ifPresentOrElse(
            seconds -> found.put("seconds-to-target", Phrase.of("%.1f", seconds)),
            () -> found.put("accuracy", Phrase.of("%.4f", standing.accuracy())));
    int trials = standing.trials().size();
    if (trials > 1 && request.target().isPresent()) {
      found.put("reached-in", standing.reached() + " of " + trials);
    }
    if (standing.diverged() > 0) {
      found.put("diverged-in", standing.diverged() + " of " + trials);
    }
    return new Tuned.Method(search.method().preset(), fixed, search.bestChanges(), found);
  }

  private Map<String, String> origin() {
    List<Halving.Rung> rungs = Halving.rungs(request.trials(), request.time().toNanos());
    Map<String, String> origin = new LinkedHashMap<>();
    origin.put("fingerprint", problem.data().fingerprint());
    origin.put("partition", request.job().partition());
    origin.put("time", request.time().toMillis() / 1e3 + " s");
    request.target().ifPresent(target -> origin.put("target", Double.toString(target)));
    origin.put("trials", Integer.toString(request.trials()));
    origin.put(
        "virtual-seconds-of-each-method", Phrase.of("%.0f", Halving.nanosOfAll(rungs) / 1e9));
    origin.put("seed", Integer.toString(request.seed()));
    origin.put(
        "seeds-of-trials",
        IntStream.range(0, rungs.size())
            .mapToObj(rung -> Long.toString(request.seedOf(rung)))
            .collect(Collectors.joining(" ")));
    return origin;
  }

  private void say(String line) {
    console.out().println(line);
    console.out().flush();
  }
}
