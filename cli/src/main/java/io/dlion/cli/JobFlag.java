package io.dlion.cli;

import io.dlion.cli.job.JobKey;
import java.util.List;
import picocli.CommandLine.Model.OptionSpec;

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
}
