package io.dlion.cli.emulate;

import io.dlion.cli.job.ServerName;
import io.dlion.cli.problem.Problem;
import io.dlion.cli.tuned.Tuned;
import io.dlion.core.UserError;
import io.dlion.core.settings.Effects;
import io.dlion.core.settings.Goal;
import io.dlion.core.settings.Presets;
import io.dlion.core.settings.Settings;
import io.dlion.core.strategy.Strategy;
import io.dlion.emulator.environment.Environment;
import io.dlion.emulator.environment.SitedWorker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A method as it is compared: a preset with what was changed of it.
 *
 * @param name what it is called in results: the preset's name, or one of its own
 * @param preset what it is a variant of
 * @param settings all its parameters
 */
public record ComparedMethod(String name, String preset, Settings settings) {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,31}");

  /**
   * Reads the methods to compare, each {@code PRESET} or {@code NAME=PRESET}, and changes written
   * {@code KEY=VALUE} (for all of them) or {@code NAME:KEY=VALUE} (for one).
   *
   * @throws UserError for an unknown preset or key, a value out of range, a change of a method that
   *     is not compared or that has no effect on it
   */
  public static List<ComparedMethod> read(List<String> methods, List<String> changes) {
    return read(methods, changes, Optional.empty());
  }

  /**
   * The same, in which those methods that a file has settings for begin with these.
   *
   * @throws UserError likewise
   */
  static List<ComparedMethod> read(
      List<String> methods, List<String> changes, Optional<Tuned> tuned) {
    Map<String, String> presets = presets(methods);
    for (String change : changes) {
      String name = nameIn(change);
      if (!name.isEmpty() && !presets.containsKey(name)) {
        throw new UserError(
            "--set "
                + change
                + ": "
                + name
                + " is not among the methods compared: "
                + String.join(", ", presets.keySet())
                + ". Add it with --preset NAME=PRESET");
      }
    }
    List<ComparedMethod> compared = new ArrayList<>();
    presets.forEach((name, preset) -> compared.add(one(name, preset, changes, tuned)));
    return compared;
  }

  /**
   * The same methods, in those of which that have a server this worker serves.
   *
   * @param server its name; null: as their settings say
   * @throws UserError where none of them has a server, or another is named
   */
  static List<ComparedMethod> serving(@Nullable String server, List<ComparedMethod> methods) {
    if (server == null) {
      return methods;
    }
    try {
      if (methods.stream().noneMatch(method -> ServerName.hasServer(method.settings))) {
        ServerName.with(server, methods.getFirst().settings);
      }
      return methods.stream().map(method -> method.serving(server)).toList();
    } catch (UserError invalid) {
      throw new UserError("--server: " + invalid.getMessage(), invalid);
    }
  }

  /** The same, with what was left open filled in for a model and its data. */
  public ComparedMethod fittedTo(Problem problem) {
    return new ComparedMethod(name, preset, problem.fitted(settings));
  }

  private ComparedMethod serving(String server) {
    if (!ServerName.hasServer(settings)) {
      return this;
    }
    String before = settings.text("server.name");
    if (!settings.isAuto("server.name") && !before.equals(server)) {
      throw new UserError(
          "server \"" + server + "\": by --set it is " + before + "; expected one of them");
    }
    return new ComparedMethod(name, preset, ServerName.with(server, settings));
  }

  /**
   * Checks that the method can do what it does.
   *
   * @throws UserError where it needs more time than a run has, or who is to serve is not there
   */
  public void requirePossible(List<Environment> where, Duration budget) {
    for (Environment environment : where) {
      ServerName.requireAmong(
          environment.workers().stream().map(SitedWorker::id).toList(),
          "of " + environment.name(),
          settings);
    }
    Strategy.of(settings)
        .server()
        .ifPresent(
            rule -> rule.method().requireTime(new Goal(Long.MAX_VALUE, budget.toNanos(), 2)));
  }

  /** The preset of each method, by its name. */
  private static Map<String, String> presets(List<String> methods) {
    Map<String, String> presets = new LinkedHashMap<>();
    for (String method : methods) {
      String[] parts = method.strip().split("=", 2);
      String preset = Presets.find(parts[parts.length - 1].strip()).name();
      String name = parts[0].strip();
      if (!NAME.matcher(name).matches()) {
        throw new UserError(
            "--preset "
                + method
                + ": expected PRESET or NAME=PRESET, the name of up to 32 letters, digits, dots,"
                + " dashes or underscores, found '"
                + name
                + "'");
      }
      String before = presets.put(name, preset);
      if (before != null && !before.equals(preset)) {
        throw new UserError(
            "--preset " + method + ": " + name + " is the name of a variant of " + before);
      }
    }
    return presets;
  }

  private static ComparedMethod one(
      String name, String preset, List<String> changes, Optional<Tuned> tuned) {
    Settings original =
        Presets.find(preset)
            .settings()
            .with(tuned.flatMap(file -> file.changes(name, preset)).orElse(Map.of()));
    Settings settings = original;
    List<String> own = new ArrayList<>();
    for (String change : changes) {
      if (nameIn(change).isEmpty() || nameIn(change).equals(name)) {
        own.add(change);
        settings = changed(settings, change);
      }
    }
    Strategy.of(settings); // throws where settings contradict each other
    for (String change : own) {
      requireEffect(change, name, settings, original);
    }
    return new ComparedMethod(name, preset, settings);
  }

  /** The keys that changes of a method name. */
  public static Set<String> changedKeys(String name, List<String> changes) {
    Set<String> keys = new LinkedHashSet<>();
    for (String change : changes) {
      if (nameIn(change).isEmpty() || nameIn(change).equals(name)) {
        keys.add(keyIn(change));
      }
    }
    return keys;
  }

  private static void requireEffect(
      String change, String name, Settings settings, Settings original) {
    try {
      Effects.require(keyIn(change), settings, original);
    } catch (UserError ineffective) {
      throw new UserError(
          "--set "
              + change
              + ": with "
              + name
              + ", "
              + ineffective.getMessage()
              + ". To change one method only: --set NAME:KEY=VALUE",
          ineffective);
    }
  }

  private static String nameIn(String change) {
    int colon = change.indexOf(':');
    int equals = change.indexOf('=');
    return colon >= 0 && (equals < 0 || colon < equals) ? change.substring(0, colon).strip() : "";
  }

  private static String keyIn(String change) {
    int equals = change.indexOf('=');
    if (equals < 1) {
      throw new UserError(
          "--set " + change + ": expected KEY=VALUE or NAME:KEY=VALUE, such as sync.bound=2");
    }
    return change.substring(nameIn(change).isEmpty() ? 0 : change.indexOf(':') + 1, equals).strip();
  }

  private static Settings changed(Settings settings, String change) {
    String key = keyIn(change);
    try {
      return settings.with(key, change.substring(change.indexOf('=') + 1).strip());
    } catch (UserError invalid) {
      throw new UserError("--set " + change + ": " + invalid.getMessage(), invalid);
    }
  }
}
