package io.dlion.cli.option;

import io.dlion.cli.job.Draft;
import io.dlion.cli.job.Job;
import io.dlion.cli.job.JobKey;
import io.dlion.cli.job.KnownNames;
import io.dlion.cli.job.Resolver;
import io.dlion.core.Shell;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** Makes a flag of a job's key. */
public final class JobFlag {
  private JobFlag() {}

  /** {@code --KEY}, with the key's meaning as its help; values are texts, checked later. */
  public static OptionSpec of(JobKey key) {
    OptionSpec.Builder option =
        OptionSpec.builder("--" + key.key())
            .paramLabel(key.parameter())
            .arity("1")
            .description(key.meaning().replace("%", "%%"));
    return key.form() == JobKey.Form.MAP
        ? option.type(List.class).auxiliaryTypes(String.class).build()
        : option.type(String.class).build();
  }

  /** A command line whose flags are these keys, besides the command's own options. */
  public static CommandLine line(Object command, List<JobKey> keys) {
    CommandLine line = new CommandLine(command);
    keys.forEach(key -> line.getCommandSpec().addOption(of(key)));
    return line;
  }

  /** What was said of keys that hold one value each, for {@link Draft#ofFlags}. */
  public static Map<JobKey, List<String>> given(@Nullable CommandSpec command, List<JobKey> keys) {
    ParseResult parsed = Objects.requireNonNull(command).commandLine().getParseResult();
    Map<JobKey, List<String>> flags = new EnumMap<>(JobKey.class);
    for (JobKey key : keys) {
      String flag = "--" + key.key();
      if (parsed.hasMatchedOption(flag)) {
        flags.put(key, List.of(parsed.matchedOption(flag).originalStringValues().getLast()));
      }
    }
    return flags;
  }

  /** Data, model and what else these keys say, read as {@code dlion train} reads them. */
  public static Job job(@Nullable CommandSpec command, List<JobKey> keys, KnownNames names) {
    return Resolver.resolve(Draft.ofFlags(given(command, keys)), names);
  }

  /** The command as it was typed, for people. */
  public static String typed(@Nullable CommandSpec command) {
    return Shell.dlion(
        Objects.requireNonNull(command).commandLine().getParseResult().originalArgs());
  }

  /** Adds flags to a command, in the sections that help is arranged in. */
  public static void addGroups(CommandSpec command, List<JobKey> keys) {
    int order = 0;
    for (JobKey.Section section : JobKey.Section.values()) {
      ArgGroupSpec.Builder group =
          ArgGroupSpec.builder()
              .validate(false)
              .exclusive(false)
              .multiplicity("0..1")
              .order(order++)
              .heading("%n" + section.title() + "%n");
      List<JobKey> those = keys.stream().filter(key -> key.section() == section).toList();
      those.forEach(key -> group.addArg(of(key)));
      if (!those.isEmpty()) {
        command.addArgGroup(group.build());
      }
    }
  }

  /** What was said of keys of all kinds; those that hold several values have all that were said. */
  public static Map<JobKey, List<String>> values(ParseResult parsed, List<JobKey> keys) {
    Map<JobKey, List<String>> flags = new EnumMap<>(JobKey.class);
    for (JobKey key : keys) {
      if (parsed.hasMatchedOption("--" + key.key())) {
        List<String> values = parsed.matchedOption("--" + key.key()).originalStringValues();
        boolean addUp = key.form() == JobKey.Form.MAP;
        flags.put(key, addUp ? values : List.of(values.getLast()));
      }
    }
    return flags;
  }
}
