package io.dlion.cli.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.dlion.cli.console.Console;
import io.dlion.cli.job.Draft;
import io.dlion.cli.job.Job;
import io.dlion.cli.job.JobKey;
import io.dlion.cli.job.KnownNames;
import io.dlion.cli.job.Resolver;
import io.dlion.cli.option.JobFlag;
import io.dlion.cli.problem.Problem;
import io.dlion.data.DataSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code dlion data}. */
@Command(
    name = "data",
    description = {
      "Show what is recognised about data, without training.",
      "",
      "It is read just as dlion train reads it, with the same options."
    },
    sortOptions = false,
    footerHeading = "%nExamples%n",
    footer = {
      "  dlion data photos",
      "        size, colours and classes of the images, and files left out",
      "  dlion data sales.csv --label price",
      "        columns with their types, delimiter, decimal mark, and what is predicted",
      "  dlion data generated:shapes --json",
      "        the same for a program"
    })
public final class DataCommand implements Callable<Integer> {
  private static final List<JobKey> KEYS =
      JobKey.readingAnd().stream().filter(key -> key != JobKey.DATA).toList();

  private final KnownNames names;
  private final Console console;

  @Spec private @Nullable CommandSpec spec;

  @Parameters(paramLabel = "DATA", description = "A file or folder, or generated:NAME.")
  private @Nullable String data;

  @Option(names = "--json", description = "As JSON.")
  private boolean json;

  private DataCommand(KnownNames names, Console console) {
    this.names = names;
    this.console = console;
  }

  /** The command with its flags. */
  public static CommandLine commandLine(KnownNames names, Console console) {
    return JobFlag.line(new DataCommand(names, console), KEYS);
  }

  @Override
  public Integer call() throws JsonProcessingException {
    Map<JobKey, List<String>> flags = JobFlag.given(spec, KEYS);
    flags.put(JobKey.DATA, List.of(Objects.requireNonNull(data)));
    Job job = Resolver.resolve(Draft.ofFlags(flags), names);
    DataSet set = Problem.openData(job);
    lines(set).forEach(console.out()::println);
    console.out().flush();
    return 0;
  }

  private List<String> lines(DataSet set) throws JsonProcessingException {
    if (!json) {
      return new DataText(set, console).lines();
    }
    Map<String, Object> fields = new LinkedHashMap<>(set.recognised().asMap());
    fields.put("fingerprint", set.fingerprint());
    return List.of(new JsonMapper().writerWithDefaultPrettyPrinter().writeValueAsString(fields));
  }
}
