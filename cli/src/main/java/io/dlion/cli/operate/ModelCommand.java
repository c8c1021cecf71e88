package io.dlion.cli.operate;

import io.dlion.cli.console.Console;
import io.dlion.cli.model.ClusterModel;
import io.dlion.cli.model.Exporting.Format;
import io.dlion.cli.option.DeskOptions;
import io.dlion.cluster.WorkerStatus;
import io.dlion.cluster.desk.Command;
import io.dlion.cluster.desk.Contact;
import io.dlion.cluster.desk.DeskClient;
import io.dlion.cluster.desk.Inquiry;
import io.dlion.core.UserError;
import io.dlion.core.wire.MalformedMessageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code dlion model}: the newest model of a cluster while training goes on. */
@picocli.CommandLine.Command(
    name = "model",
    description = {
      "Write the newest model of a cluster while training goes on: the mean of its workers'.",
      "",
      "Each worker copies its weights between two steps and sends them at no more than a quarter of"
          + " what the best of its links carries, or 1 Mbit/s where that is more. With a server the"
          + " model is the server's. Needs an operator's certificate."
    },
    sortOptions = false,
    footerHeading = "%nExamples%n",
    footer = {
      "  dlion model --seeds 10.0.0.1:7800 --certs certs/anna --output model.pt",
      "        weights and network: torch.jit.load(\"model.pt\")",
      "  dlion model --seeds 10.0.0.1:7800 --certs certs/anna --output now.safetensors --from lyon",
      "        one worker's, weights by name",
      "  dlion model --seeds 10.0.0.1:7800 --certs certs/anna --output runs/now",
      "        a folder for dlion evaluate runs/now --data FILE, and dlion export"
    })
public final class ModelCommand implements Callable<Integer> {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Console console;

  @Mixin private DeskOptions desks = new DeskOptions();

  @Option(
      names = "--output",
      required = true,
      paramLabel = "FILE|DIR",
      description = "A file that ends in .pt or .safetensors, which is replaced; or a new folder.")
  private @Nullable Path output;

  @Option(
      names = "--from",
      paramLabel = "NAME",
      description = "The model of this worker alone. Default: the mean of all that train.")
  private @Nullable String from;

  /** The command. */
  public ModelCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Path file = Objects.requireNonNull(output).toAbsolutePath();
    Optional<Format> format = Format.of(file);
    requireWritable(file, format);
    try (DeskClient client = desks.open(console)) {
      Map<String, Contact> workers = workers(client);
      Path folder = folder(file);
      try {
        String how;
        try (ClusterModel model = new ModelFetch(client, folder, this::say).all(workers)) {
          how = model.write(format, file);
        }
        if (format.isEmpty()) {
          Files.move(folder, file);
        }
        say("wrote " + output + ": " + how);
      } finally {
        delete(folder);
      }
    }
    return 0;
  }

  private void say(String line) {
    console.out().println(line);
    console.out().flush();
  }

  private static void requireWritable(Path file, Optional<Format> format) {
    Path folder = Objects.requireNonNull(file.getParent());
    String name = String.valueOf(file.getFileName());
    if (!Files.isDirectory(folder)) {
      throw new UserError(
          "--output: " + file + ": there is no folder " + folder + "; make it first");
    }
    if (format.isPresent() && Files.isDirectory(file)) {
      throw new UserError("--output: " + file + ": expected a file, found a folder");
    }
    if (format.isEmpty() && (name.contains(".") || Files.exists(file))) {
      throw new UserError(
          "--output: "
              + file
              + ": expected a file that ends in .pt or .safetensors, or the name of a folder that is"
              + " not there yet");
    }
  }

  /** Those who train now, or the one that was asked for. */
  private Map<String, Contact> workers(DeskClient client) throws IOException, InterruptedException {
    Map<String, Contact> all = new LinkedHashMap<>();
    Map<String, Contact> training = new LinkedHashMap<>();
    for (Inquiry.Said said : Inquiry.ofAll(client, Command.STATUS, PATIENCE)) {
      Optional<WorkerStatus> status = status(said);
      if (status.isPresent()) {
        all.put(said.name(), said.contact());
        if (status.get().doing().phase().equals(WorkerStatus.TRAINING)) {
          training.put(said.name(), said.contact());
        } else if (!status.get().doing().phase().equals(WorkerStatus.RELAY)) {
          say(said.name() + ": does not train now (" + status.get().doing().phase() + ")");
        }
      } else {
        say(said.name() + ": " + said.reply().text());
      }
    }
    if (all.isEmpty()) {
      throw new IOException("no worker answers at " + desks.seeds());
    }
    if (from != null) {
      if (!all.containsKey(from)) {
        throw new UserError(
            "--from "
                + from
                + ": no such worker answers; those that do: "
                + String.join(", ", all.keySet()));
      }
      training.keySet().retainAll(List.of(from));
    }
    if (training.isEmpty()) {
      throw new IOException(
          "no model: " + (from == null ? "no worker trains now" : from + " does not train now"));
    }
    return training;
  }

  private static Optional<WorkerStatus> status(Inquiry.Said said) {
    try {
      return said.reached() && said.reply().isDone()
          ? Optional.of(WorkerStatus.decode(said.bytes()))
          : Optional.empty();
    } catch (MalformedMessageException e) {
      return Optional.empty();
    }
  }

  /** Beside what is to be written, so that it can become that. */
  private static Path folder(Path file) throws IOException {
    return Files.createDirectory(
        file.resolveSibling("." + file.getFileName() + "-" + ProcessHandle.current().pid()));
  }

  private static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return; // it became the output
    }
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(each);
      }
    }
  }
}
