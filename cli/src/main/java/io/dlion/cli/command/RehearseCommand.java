package io.dlion.cli.command;

import io.dlion.cli.console.Console;
import io.dlion.cluster.line.FreePort;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import picocli.CommandLine.Command;

/**
 * {@code dlion rehearse}: does for a few seconds what workers do, in a Java that the launcher has
 * started with {@code -XX:AOTCacheOutput=FILE}: it remembers the classes and what they were busy
 * with. A Java that is given this file later ({@code -XX:AOTCache=FILE}, JEP 483 and 515) is at
 * full speed seconds earlier.
 */
@Command(
    name = "rehearse",
    description = {
      "Make later starts faster: train for half a minute, and remember what that took.",
      "",
      "Once after each installation or build. Workers then reach their full speed seconds earlier,"
          + " which counts where several share a machine. What is trained is thrown away."
    },
    sortOptions = false,
    footerHeading = "%nExamples%n",
    footer = {"  dlion rehearse", "        once, before the workers of this machine are started"})
public final class RehearseCommand implements Callable<Integer> {
  private static final List<String> WORKERS = List.of("w1", "w2", "w3");

  private final Console console;
  private final Program program;

  /** Runs one command of the program. */
  @FunctionalInterface
  public interface Program {
    /**
     * Runs a command.
     *
     * @return its exit code
     */
    int run(String[] arguments, Console console);
  }

  /**
   * The command.
   *
   * @param program runs the commands that are rehearsed
   */
  public RehearseCommand(Console console, Program program) {
    this.console = console;
    this.program = program;
  }

  @Override
  public Integer call() throws IOException, InterruptedException, ExecutionException {
    Path folder = Files.createTempDirectory("dlion-rehearsal");
    try {
      onNetwork(folder);
      command("train", "--link-mbit", "10", "--time", "4s", "--out", folder.toString());
    } finally {
      delete(folder);
    }
    return 0;
  }

  private void onNetwork(Path folder) throws IOException, InterruptedException, ExecutionException {
    String certificates = folder.resolve("certs").toString();
    command("certs", "init", "--dir", certificates);
    String seed = "127.0.0.1:" + FreePort.next();
    List<Future<?>> running = new ArrayList<>();
    try (ExecutorService threads = Executors.newCachedThreadPool()) {
      for (String name : WORKERS) {
        command("certs", "issue", name, "--dir", certificates);
        boolean first = name.equals(WORKERS.getFirst());
        List<String> line = new ArrayList<>(List.of("worker", "--name", name));
        line.addAll(
            List.of("--bind", first ? seed : "127.0.0.1:" + FreePort.next(), "--seeds", seed));
        line.addAll(List.of("--certs", folder.resolve("certs").resolve(name).toString()));
        line.addAll(List.of("--shard", name.substring(1) + "/" + WORKERS.size()));
        line.addAll(List.of("--min-workers", Integer.toString(WORKERS.size())));
        line.addAll(List.of("--threads", "1", "--model", "cnn", "--time", "6s"));
        line.addAll(List.of("--out", folder.resolve(name).toString()));
        running.add(threads.submit(() -> command(line.toArray(String[]::new))));
      }
    }
    for (Future<?> worker : running) {
      worker.get();
    }
  }

  private void command(String... arguments) {
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    Console quiet = Console.plain(said, said);
    int code = program.run(arguments, quiet);
    if (code != 0) {
      console.err().print(said.toString(StandardCharsets.UTF_8));
      throw new IllegalStateException(
          "rehearsal: dlion " + arguments[0] + " ended with exit code " + code);
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      files
          .sorted(Comparator.reverseOrder())
          .forEach(file -> {
            try {
              Files.delete(file);
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
    }
  }
}
