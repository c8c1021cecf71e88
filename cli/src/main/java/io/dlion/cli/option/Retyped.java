package io.dlion.cli.option;

import io.dlion.cli.job.JobKey;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** What has to be typed again to go on with a run. */
public final class Retyped {
  private Retyped() {}

  /**
   * The command's name and those of its options that the run's folder does not hold: how this
   * process takes part, not what is trained.
   *
   * @param recorded what the folder's job.yaml holds
   */
  public static List<String> words(ParseResult parsed, List<JobKey> recorded) {
    Set<String> left = new HashSet<>(Set.of("--resume", "--dry-run", "--settings"));
    recorded.forEach(key -> left.add("--" + key.key()));
    List<String> words = new ArrayList<>(List.of(parsed.commandSpec().name()));
    for (OptionSpec option : parsed.matchedOptions()) {
      String name = option.longestName();
      if (left.add(name)) {
        words.addAll(words(name, option));
      }
    }
    return words;
  }

  private static List<String> words(String name, OptionSpec option) {
    if (option.arity().max() == 0) {
      return List.of(name);
    }
    List<String> values = option.originalStringValues();
    boolean addUp = option.isMultiValue();
    return (addUp ? values : List.of(values.getLast()))
        .stream().flatMap(value -> words(name, value)).toList();
  }

  private static Stream<String> words(String name, String value) {
    return value.startsWith("-") ? Stream.of(name + "=" + value) : Stream.of(name, value);
  }
}
