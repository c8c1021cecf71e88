package io.dlion.cli;

import io.dlion.cli.job.JobKey;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
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

  /** What was said of keys that hold one value each, for {@link io.dlion.cli.job.Draft#ofFlags}. */
  public static Map<JobKey, List<String>> given(ParseResult parsed, List<JobKey> keys) {
    Map<JobKey, List<String>> flags = new EnumMap<>(JobKey.class);
    for (JobKey key : keys) {
      String flag = "--" + key.key();
      if (parsed.hasMatchedOption(flag)) {
        flags.put(key, List.of(parsed.matchedOption(flag).originalStringValues().getLast()));
      }
    }
    return flags;
  }
}
