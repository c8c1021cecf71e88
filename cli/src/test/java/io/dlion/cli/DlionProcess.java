package io.dlion.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** A dlion that learns from a stream, as a process of its own. */
final class DlionProcess implements AutoCloseable {
  private static final int SECONDS_MAX = 120;

  /** Exit code of a process that ends in order on SIGTERM. */
  private static final int TERMINATED = 143;

  private final Process process;
  private final Path log;

  private DlionProcess(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /** Starts one. */
  static DlionProcess start(Path log, List<String> arguments) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                Main.class.getName()));
    command.addAll(arguments);
    return new DlionProcess(
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start(),
        log);
  }

  /** What it has said. */
  String said() throws IOException {
    return Files.readString(log);
  }

  interface Condition {
    boolean holds() throws IOException;
  }

  /** Waits until a condition holds, as long as the process is there. */
  void await(String what, Condition condition) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS_MAX);
    while (!condition.holds()) {
      boolean ended = process.waitFor(50, TimeUnit.MILLISECONDS);
      if (ended || System.nanoTime() > deadline) {
        throw new AssertionError(
            (ended ? "ended before: " : "in vain: ") + what + "; it said " + said());
      }
    }
  }

  /** Waits until this process's run is said to have learned from and rejected so many records. */
  void awaitRecords(Path runs, long learned, long rejected)
      throws IOException, InterruptedException {
    await(
        learned + " records learned, " + rejected + " rejected",
        () -> total(runs, "learned") >= learned && total(runs, "rejected") >= rejected);
  }

  /** A figure of a stream in the metrics of the newest run: the last, of all its workers. */
  static long total(Path runs, String figure) throws IOException {
    Path metrics = runs.resolve("latest/metrics.jsonl");
    Map<String, Long> last = new TreeMap<>();
    if (Files.exists(metrics)) {
      for (String line : Files.readAllLines(metrics)) {
        if (line.contains("\"kind\":\"stream\"") && line.endsWith("}")) {
          JsonNode node = new ObjectMapper().readTree(line);
          last.put(node.path("worker").asText(), node.path(figure).asLong());
        }
      }
    }
    return last.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Waits until it has ended by itself. */
  int exitCode() throws InterruptedException, IOException {
    assertThat(process.waitFor(SECONDS_MAX, TimeUnit.SECONDS)).as(said()).isTrue();
    return process.exitValue();
  }

  /** Asks it to end, and waits until everything is put away. */
  void stop() throws IOException, InterruptedException {
    process.destroy();
    assertThat(process.waitFor(SECONDS_MAX, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(said()).isEqualTo(TERMINATED);
  }

  /** Ends it at once, as {@code kill -9}. */
  void kill() {
    process.destroyForcibly().onExit().join();
  }

  @Override
  public void close() {
    kill();
  }
}
