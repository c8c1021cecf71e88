package io.dlion.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlion.cluster.line.FreePort;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a worker, a process of its own, serves to Prometheus while it waits and trains. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RunningWorkerTest {
  private static final Path DEPLOY =
      Path.of(Objects.requireNonNull(System.getProperty("dlion.root")), "deploy");

  /** Served only where a preset has a server, or a worker a stream, which those here have not. */
  private static final Pattern OF_OTHERS =
      Pattern.compile("dlion_(commit|period_commits|server|implicit|stream).*");

  private static final Pattern METRIC = Pattern.compile("\\b(dlion|process)_[a-z_]+\\b");
  private static final int SECONDS_MAX = 120;

  /** Exit code of a process that ends in order on SIGTERM. */
  private static final int TERMINATED = 143;

  @TempDir private Path folder;
  private final List<Process> processes = new ArrayList<>();
  private final int seed = FreePort.next();
  private final int secondSeed = FreePort.next();
  private final int metricsPort = FreePort.next();

  RunningWorkerTest() throws IOException {}

  @AfterEach
  void end() throws InterruptedException {
    for (Process process : processes) {
      process.destroyForcibly().waitFor();
    }
  }

  private Process worker(String name, int port, String... more) throws IOException {
    return worker(name, port, 2, more);
  }

  private Process worker(String name, int port, int minWorkers, String... more) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                Main.class.getName(),
                "worker",
                "--name",
                name,
                "--bind",
                "127.0.0.1:" + port,
                "--seeds",
                "127.0.0.1:" + seed + ",127.0.0.1:" + secondSeed,
                "--insecure",
                "--min-workers",
                Integer.toString(minWorkers),
                "--threads",
                "1",
                "--data",
                "generated:blobs",
                "--model",
                "logistic",
                "--epochs",
                "1000000",
                "--out",
                folder.resolve(name).toString()));
    command.addAll(List.of(more));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve(name + ".log").toFile())
            .start();
    processes.add(process);
    return process;
  }

  private List<String> scrape() throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + metricsPort + "/metrics");
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client
          .send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
          .body()
          .lines()
          .toList();
    }
  }

  /** The lines of a scrape, once it has such a line for each of these. */
  private List<String> scrapeWith(Process worker, String log, Set<String> beginnings)
      throws IOException, InterruptedException {
    Set<String> missing = new TreeSet<>(beginnings);
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS_MAX);
    while (System.nanoTime() < deadline) {
      try {
        List<String> lines = scrape();
        missing.removeIf(wanted -> lines.stream().anyMatch(line -> line.startsWith(wanted)));
        if (missing.isEmpty()) {
          return lines;
        }
      } catch (java.net.ConnectException notYet) {
        // The process is only beginning.
      }
      if (worker.waitFor(100, TimeUnit.MILLISECONDS)) {
        break;
      }
    }
    throw new AssertionError(
        "missing: " + missing + "; the worker said " + Files.readString(folder.resolve(log)));
  }

  /** What alerts and dashboards ask for. */
  private static Set<String> namedInDeploy() throws IOException {
    Set<String> names = new TreeSet<>();
    try (Stream<Path> files = Files.walk(DEPLOY)) {
      for (Path file : files.filter(f -> f.toString().matches(".*\\.(json|ya?ml)")).toList()) {
        String asked =
            Files.readString(file)
                .lines()
                .filter(line -> line.contains("expr") || line.contains("query"))
                .reduce("", String::concat);
        Matcher matcher = METRIC.matcher(asked);
        while (matcher.find()) {
          names.add(matcher.group());
        }
      }
    }
    return names;
  }

  /** Waits until the log of one of these workers says so, and returns whose it is. */
  private String awaitSaid(String text, String... names) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS_MAX);
    while (System.nanoTime() < deadline) {
      for (String name : names) {
        if (Files.readString(folder.resolve(name + ".log")).contains(text)) {
          return name;
        }
      }
      processes.getLast().waitFor(100, TimeUnit.MILLISECONDS);
    }
    throw new AssertionError(
        "nobody says " + text + ": " + Files.readString(folder.resolve(names[0] + ".log")));
  }

  /** Asks a worker politely, and it puts everything away. */
  private void stop(String name, Map<String, Process> running)
      throws IOException, InterruptedException {
    Process worker = Objects.requireNonNull(running.get(name));
    worker.destroy();
    assertThat(worker.waitFor(SECONDS_MAX, TimeUnit.SECONDS)).isTrue();
    assertThat(worker.exitValue()).isEqualTo(TERMINATED);
    assertThat(Files.readString(folder.resolve(name + ".log"))).contains("you stopped it");
  }

  @Test
  void aServerThatIsKilledOrStoppedIsReplacedAndComesBackAsAClient() throws Exception {
    String[] method = {"--preset", "bsp", "--server", "w1"};
    Map<String, Process> running = new TreeMap<>();
    running.put("w1", worker("w1", seed, 3, method));
    running.put("w2", worker("w2", secondSeed, 3, method));
    running.put("w3", worker("w3", FreePort.next(), 3, method));
    awaitSaid("w1 serves", "w2", "w3");
    awaitSaid("test accuracy", "w1"); // and trains
    Objects.requireNonNull(running.get("w1")).destroyForcibly().waitFor(); // kill -9
    String successor = awaitSaid("serves, from version", "w2", "w3");
    String other = successor.equals("w2") ? "w3" : "w2";

    Files.move(folder.resolve("w1.log"), folder.resolve("before.log"));
    running.put("w1", worker("w1", seed, 3, method));
    awaitSaid(successor + " serves", "w1");
    assertThat(Files.readString(folder.resolve("w1.log"))).doesNotContain("w1: serves");

    stop(successor, running);
    awaitSaid("serves, from version", "w1", other);
    stop("w1", running);
    stop(other, running);
  }

  @Test
  void whatAWorkerMayTakeIsToldAndServed() throws Exception {
    Process one =
        worker(
            "w1",
            seed,
            "--max-mbit=5",
            "--max-upload-mbit=2",
            "--nice=3",
            "--metrics-port",
            Integer.toString(metricsPort));
    String upload = "dlion_cap_bytes_per_second{direction=\"upload\",worker=\"w1\"} 250000.0";
    String download = "dlion_cap_bytes_per_second{direction=\"download\",worker=\"w1\"} 625000.0";
    assertThat(scrapeWith(one, "w1.log", Set.of(upload))).contains(upload, download);
    awaitSaid("sends at most 2 Mbit/s, takes at most 5 Mbit/s", "w1");
    one.destroy();
    assertThat(one.waitFor(SECONDS_MAX, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void whatAlertsAndDashboardsNameIsServedByARunningWorker() throws Exception {
    Set<String> named = namedInDeploy();
    assertThat(named)
        .hasSizeGreaterThan(15)
        .contains("dlion_members", "dlion_link_round_trip_seconds", "dlion_notices_total");
    Process one = worker("w1", seed, "--metrics-port", Integer.toString(metricsPort));

    List<String> waiting = scrapeWith(one, "w1.log", Set.of("dlion_members{"));
    assertThat(waiting)
        .contains(
            "dlion_members{worker=\"w1\"} 1.0",
            "dlion_min_workers{worker=\"w1\"} 2.0",
            "dlion_training{worker=\"w1\"} 0.0",
            "dlion_samples_total{worker=\"w1\"} 0.0",
            "dlion_notices_total{severity=\"error\",worker=\"w1\"} 0.0");

    Process two = worker("w2", FreePort.next());
    Set<String> wanted = new TreeSet<>(Set.of("dlion_members{worker=\"w1\"} 2.0"));
    named.stream()
        .filter(name -> !OF_OTHERS.matcher(name).matches())
        .forEach(name -> wanted.add(name + (name.endsWith("_bytes") ? "" : "{")));
    List<String> training = scrapeWith(one, "w1.log", wanted);
    assertThat(training)
        .anyMatch(line -> line.startsWith("dlion_link_round_trip_seconds{peer=\"w2\""))
        .anyMatch(line -> line.startsWith("dlion_link_sent_bytes_total{peer=\"w2\""));

    two.destroy(); // politely
    assertThat(two.waitFor(SECONDS_MAX, TimeUnit.SECONDS)).isTrue();
    List<String> alone = scrapeWith(one, "w1.log", Set.of("dlion_members{worker=\"w1\"} 1.0"));
    assertThat(alone).noneMatch(line -> line.startsWith("dlion_link_"));
    one.destroy();
    assertThat(one.waitFor(SECONDS_MAX, TimeUnit.SECONDS)).isTrue();
    assertThat(Files.readString(folder.resolve("w1.log"))).contains("you stopped it");
  }
}
