package io.dlion.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dlion.cluster.line.FreePort;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What lies in deploy/prometheus and deploy/grafana, tried with Prometheus itself; skipped where it
 * is not installed.
 */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PrometheusTest {
  private static final Path DEPLOY =
      Path.of(Objects.requireNonNull(System.getProperty("dlion.root")), "deploy");
  private static final Path RULES = DEPLOY.resolve("prometheus/alerts.yaml");
  private static final Path PROMTOOL = Path.of("/usr/bin/promtool");
  private static final Path PROMETHEUS = Path.of("/usr/bin/prometheus");
  private static final Pattern METRIC = Pattern.compile("\\b(dlion|process)_[a-z_]+\\b");
  private static final int SECONDS_MAX = 120;

  @TempDir private Path folder;
  private final HttpClient client = HttpClient.newHttpClient();

  @BeforeEach
  void requirePrometheus() {
    assumeTrue(
        Files.isExecutable(PROMTOOL) && Files.isExecutable(PROMETHEUS),
        "no prometheus and promtool here (Debian package prometheus)");
  }

  private static void assertPasses(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(PROMTOOL + ""));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
  }

  private static List<String> alerts() throws IOException {
    return Files.readString(RULES)
        .lines()
        .filter(line -> line.contains("alert:"))
        .map(line -> line.replaceFirst(".*alert: ", ""))
        .toList();
  }

  @Test
  void promtoolFindsNothingWrongAndEveryRuleIsTested() throws Exception {
    assertPasses("check", "config", DEPLOY.resolve("prometheus/prometheus.yaml") + "");
    Path tests = DEPLOY.resolve("prometheus/alerts_test.yaml");
    assertPasses("test", "rules", tests + "");
    String text = Files.readString(tests);
    assertThat(alerts()).hasSizeGreaterThan(5).allMatch(alert -> text.contains(alert + "\n"));
  }

  /** What dashboard panels and rules ask, without the dashboard's variables. */
  private static List<String> queries() throws IOException {
    List<String> queries = new ArrayList<>();
    Files.readString(RULES)
        .lines()
        .filter(line -> line.contains("expr: "))
        .forEach(line -> queries.add(line.replaceFirst(".*expr: ", "")));
    JsonNode dashboard = new ObjectMapper().readTree(DEPLOY.resolve("grafana/dlion.json").toFile());
    dashboard.findValuesAsText("expr").forEach(q -> queries.add(q.replace("$worker", ".*")));
    return queries;
  }

  private static Set<String> metrics(List<String> queries) {
    Set<String> names = new TreeSet<>();
    queries.stream()
        .flatMap(q -> METRIC.matcher(q).results())
        .map(m -> m.group())
        .forEach(names::add);
    return names;
  }

  private DlionProcess dlion(String name, String... arguments) throws IOException {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--threads", "1", "--out", folder.resolve(name) + ""));
    return DlionProcess.start(folder.resolve(name + ".log"), all);
  }

  private DlionProcess worker(String name, int port, int seed, int metrics) throws IOException {
    return dlion(
        name,
        "worker",
        "--name",
        name,
        "--bind",
        "127.0.0.1:" + port,
        "--seeds",
        "127.0.0.1:" + seed,
        "--insecure",
        "--min-workers",
        "2",
        "--data",
        "generated:blobs",
        "--model",
        "logistic",
        "--epochs",
        "1000000",
        "--metrics-port",
        metrics + "");
  }

  /** The shipped configuration for these targets, in a hurry. */
  private Path configuration(int... ports) throws IOException {
    Files.copy(RULES, folder.resolve("alerts.yaml"));
    List<String> targets = new ArrayList<>();
    for (int port : ports) {
      targets.add("\"127.0.0.1:" + port + "\"");
    }
    String shipped = Files.readString(DEPLOY.resolve("prometheus/prometheus.yaml"));
    String here =
        shipped
            .replaceFirst("targets: .*", "targets: " + targets)
            .replace("scrape_interval: 10s", "scrape_interval: 1s");
    return Files.writeString(
        folder.resolve("prometheus.yml"), "global: {evaluation_interval: 1s}\n" + here);
  }

  private Process prometheus(int port, Path configuration) throws IOException {
    return new ProcessBuilder(
            PROMETHEUS + "",
            "--config.file=" + configuration,
            "--storage.tsdb.path=" + folder.resolve("series"),
            "--web.listen-address=127.0.0.1:" + port,
            "--log.level=warn")
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("prometheus.log").toFile())
        .start();
  }

  /** The answer of Prometheus' HTTP API; missing where it does not answer yet. */
  private JsonNode ask(int port, String query) throws IOException, InterruptedException {
    String encoded = URLEncoder.encode(query, StandardCharsets.UTF_8);
    URI uri = URI.create("http://127.0.0.1:" + port + "/api/v1/query?query=" + encoded);
    try {
      String body =
          client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body();
      return body.startsWith("{") ? new ObjectMapper().readTree(body) : missing();
    } catch (java.net.ConnectException notYet) {
      return missing();
    }
  }

  private static JsonNode missing() {
    return com.fasterxml.jackson.databind.node.MissingNode.getInstance();
  }

  private boolean holds(int port, String query) throws IOException, InterruptedException {
    return !ask(port, query).at("/data/result").isEmpty();
  }

  /** Waits until every query has an answer. */
  private void awaitAll(Process prometheus, int port, Set<String> queries)
      throws IOException, InterruptedException {
    Set<String> open = new TreeSet<>(queries);
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS_MAX);
    while (true) {
      for (String query : Set.copyOf(open)) {
        if (holds(port, query)) {
          open.remove(query);
        }
      }
      if (open.isEmpty()) {
        return;
      }
      boolean ended = prometheus.waitFor(200, TimeUnit.MILLISECONDS);
      assertThat(ended || System.nanoTime() > deadline)
          .as("no answer to %s; %s", open, Files.readString(folder.resolve("prometheus.log")))
          .isFalse();
    }
  }

  @Test
  void whatRulesAndDashboardAskForIsScrapedFromTrainingAndAlertsBecomePending() throws Exception {
    int seed = FreePort.next();
    int[] metrics = {FreePort.next(), FreePort.next(), FreePort.next()};
    int port = FreePort.next();
    Process prometheus = prometheus(port, configuration(metrics));
    try (DlionProcess _ = worker("w1", seed, seed, metrics[0]);
        DlionProcess w2 = worker("w2", FreePort.next(), seed, metrics[1]);
        DlionProcess _ =
            dlion(
                "stream",
                "train",
                "--stream",
                "generated:drifting",
                "--preset",
                "adsp",
                "--set",
                "adsp.period=1",
                "--workers",
                "2",
                "--metrics-port",
                metrics[2] + "")) {
      Set<String> expected = new TreeSet<>(metrics(queries()));
      assertThat(expected).hasSizeGreaterThan(30);
      String of1 = "instance=\"127.0.0.1:" + metrics[0] + "\"";
      String of2 = "instance=\"127.0.0.1:" + metrics[1] + "\"";
      expected.add("dlion_link_round_trip_seconds{peer=\"w2\"," + of1 + "} > 0");
      expected.add("dlion_members{" + of1 + "} == 2 and dlion_min_workers == 2");
      expected.add("dlion_training{" + of2 + "} == 1");
      expected.add("rate(dlion_samples_total{" + of1 + "}[10s]) > 0");
      awaitAll(prometheus, port, expected);
      for (String query : queries()) {
        assertThat(ask(port, query).path("status").asText()).as(query).isEqualTo("success");
      }
      assertThat(holds(port, "ALERTS{alertname=~\"DlionWorkerIs.*\"}"))
          .as("nobody is gone or alone")
          .isFalse();

      w2.kill();
      awaitAll(
          prometheus,
          port,
          Set.of(
              "ALERTS{alertname=\"DlionWorkerIsGone\"," + of2 + "}",
              "ALERTS{alertname=\"DlionWorkerIsAlone\"," + of1 + "}"));
      assertThat(holds(port, "{__name__=~\"dlion_.*\",peer=\"w2\"," + of1 + "}"))
          .as("series of links to a peer that is gone")
          .isFalse();
    } finally {
      prometheus.destroyForcibly().waitFor();
    }
  }
}
