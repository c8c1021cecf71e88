package io.dlion.cli.tune;

import io.dlion.core.UserError;
import io.dlion.core.tune.TrialScore;
import io.dlion.emulator.yaml.Fields;
import io.dlion.emulator.yaml.Value;
import io.dlion.emulator.yaml.YamlFile;
import io.dlion.monitor.run.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.Yaml;

/**
 * The trials that are done, a file each, and what they are trials of. A trial is found again only
 * where it had the same settings, seed and time. Thread safe.
 */
final class TrialLedger {
  private static final String ABOUT = "tune.yaml";
  private static final String VERSION = "version";
  private static final String SECONDS = "seconds";
  private static final String SEED = "seed";
  private static final String SET = "set";
  private static final String ACCURACY = "accuracy";
  private static final String TO_TARGET = "seconds-to-target";
  private static final String DIVERGED = "diverged";

  private final RunFolder folder;

  private TrialLedger(RunFolder folder) {
    this.folder = folder;
  }

  /**
   * The ledger in a folder, which is begun where there is none.
   *
   * @param about what decides the result of trials
   * @param version of this program
   * @param warn is told where another version has made the trials
   * @throws UserError where the folder has trials of something else
   */
  static TrialLedger open(
      RunFolder folder, Map<String, String> about, String version, Consumer<String> warn)
      throws IOException {
    Path file = folder.path().resolve(ABOUT);
    if (Files.exists(file)) {
      Map<String, Value> before = YamlFile.read(file).entries();
      for (Map.Entry<String, String> one : about.entrySet()) {
        Value value = before.get(one.getKey());
        String found = value == null ? "nothing" : value.text("a text");
        if (!found.equals(one.getValue())) {
          throw new UserError(
              folder.path()
                  + ": has trials with "
                  + one.getKey()
                  + " "
                  + found
                  + ", and now it is "
                  + one.getValue()
                  + "; give the same to go on with them, or another --out");
        }
      }
      Value made = before.get(VERSION);
      if (made == null || !made.text("a version").equals(version)) {
        warn.accept(
            "warning: trials in "
                + folder.path()
                + " were made by another version of this program, and are kept");
      }
    } else {
      Map<String, String> all = new LinkedHashMap<>(about);
      all.put(VERSION, version);
      folder.writeAtomically(file, yaml(all));
    }
    return new TrialLedger(folder);
  }

  /** What came of a trial, if it is done. */
  Optional<TrialScore> find(Attempt attempt) throws IOException {
    Path file = file(attempt);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    Fields fields = YamlFile.read(file).fields(SECONDS, SEED, SET, ACCURACY, TO_TARGET, DIVERGED);
    Map<String, String> set = new TreeMap<>();
    fields.get(SET).entries().forEach((key, value) -> set.put(key, value.text("a value")));
    boolean same =
        set.equals(attempt.changes())
            && fields.get(SEED).text("a seed").equals(Long.toString(attempt.seed()))
            && number(fields.get(SECONDS)) == attempt.seconds();
    return same
        ? Optional.of(
            new TrialScore(
                fields
                    .find(TO_TARGET)
                    .map(value -> OptionalDouble.of(number(value)))
                    .orElse(OptionalDouble.empty()),
                fields.find(ACCURACY).map(TrialLedger::number).orElse(Double.NaN),
                fields.get(DIVERGED).flag()))
        : Optional.empty();
  }

  /** Keeps what came of a trial. */
  void keep(Attempt attempt, TrialScore score) throws IOException {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put(SECONDS, Double.toString(attempt.seconds()));
    map.put(SEED, attempt.seed());
    map.put(SET, new TreeMap<>(attempt.changes()));
    if (!Double.isNaN(score.accuracy())) {
      map.put(ACCURACY, Double.toString(score.accuracy()));
    }
    score.secondsToTarget().ifPresent(seconds -> map.put(TO_TARGET, Double.toString(seconds)));
    map.put(DIVERGED, score.diverged());
    Path file = file(attempt);
    Files.createDirectories(file.toAbsolutePath().getParent());
    folder.writeAtomically(file, yaml(map));
  }

  private Path file(Attempt attempt) {
    return folder.path().resolve(attempt.file());
  }

  private static double number(Value value) {
    return value.number("a number", Double::isFinite);
  }

  private static String yaml(Map<String, ?> map) {
    DumperOptions options = new DumperOptions();
    options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
    return new Yaml(options).dump(map);
  }
}
