package io.dlion.monitor.prometheus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dlion.core.UserError;
import io.dlion.core.WorkerId;
import io.dlion.core.report.Report;
import io.dlion.core.report.Report.Severity;
import io.dlion.core.report.StreamFigures;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MetricsTest {
  private static final WorkerId W1 = new WorkerId("w1");
  private static final WorkerId W2 = new WorkerId("w2");
  private static final WorkerId W3 = new WorkerId("w3");
  private static final Pattern NAME = Pattern.compile("\\b(dlion|process)_[a-z_]+\\b");

  private final MetricsServer server;

  MetricsTest() throws IOException {
    server = MetricsServer.start("127.0.0.1", 0);
  }

  @AfterEach
  void close() {
    server.close();
  }

  private void reportEverything() {
    WorkerMetrics metrics = server.metrics();
    metrics.accept(iteration(0, 32, 32));
    metrics.accept(iteration(1, 40, 72));
    metrics.accept(new Report.Sent(W1, 5, W2, 1, 12.5, 0.25, 1000, 2000, 1.5e6));
    metrics.accept(new Report.Sent(W1, 6, W2, 1, 25, 0.5, 500, 3000, 2.5e6));
    metrics.accept(new Report.Sent(W1, 6, W3, 1, 100, 1, 7000, 0, 0));
    metrics.accept(new Report.Evaluated(W1, 7, 1, 300, 0.875, 0.5, 0));
    metrics.accept(new Report.Transfer(W1, 8, W2, 1, 0.5, 10, "merged"));
    metrics.accept(new Report.Transfer(W1, 9, W2, 2, 0, 10, "dropped: too old"));
    metrics.accept(new Report.Committed(W1, 9, W1, 40, 12, 3, 3, 4, 0, 250_000_000));
    metrics.accept(new Report.Serving(W1, 9, 40, 38, 0.75, 4, "probing", 0.02, 0.36, 2));
    metrics.accept(streamed(100, 50, 0.5));
    metrics.accept(new Report.Notice(W1, 9, Severity.WARNING, "lost w4"));
    metrics.watch(() -> Map.of(W1, Map.of(W2, 2.5e7, W3, 0.0)));
    metrics.expect(new WorkerMetrics.Expected(4, true, false));
    metrics.training(true);
  }

  private static Report iteration(long number, int batch, long samples) {
    return new Report.Iteration(
        W1, 4, number, batch, 96, 1.25, 1_500_000_000L, 250_000_000L, samples, 300, 0, 2);
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      URI uri = URI.create("http://127.0.0.1:" + server.address().getPort() + path);
      return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    }
  }

  @Test
  void reportsBecomeTotalsAndLatestValues() throws IOException, InterruptedException {
    reportEverything();
    HttpResponse<String> response = get("/metrics");
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Type").orElseThrow())
        .startsWith("text/plain; version=0.0.4");
    assertThat(response.body().lines())
        .contains(
            "# TYPE dlion_samples_total counter",
            "# HELP dlion_samples_total Training samples this worker has processed since its process began",
            "dlion_iteration{worker=\"w1\"} 1.0",
            "dlion_samples_total{worker=\"w1\"} 72.0",
            "dlion_cluster_samples{worker=\"w1\"} 300.0",
            "dlion_batch_samples{worker=\"w1\"} 40.0",
            "dlion_global_batch_samples{worker=\"w1\"} 96.0",
            "dlion_training_loss{worker=\"w1\"} 1.25",
            "dlion_staleness_iterations{worker=\"w1\"} 2.0",
            "dlion_compute_seconds_total{worker=\"w1\"} 3.0",
            "dlion_wait_seconds_total{worker=\"w1\"} 0.5",
            "dlion_test_accuracy_ratio{worker=\"w1\"} 0.875",
            "dlion_test_loss{worker=\"w1\"} 0.5",
            "dlion_members{worker=\"w1\"} 3.0",
            "dlion_min_workers{worker=\"w1\"} 4.0",
            "dlion_training{worker=\"w1\"} 1.0",
            "dlion_link_messages_total{peer=\"w2\",worker=\"w1\"} 2.0",
            "dlion_link_sent_bytes_total{peer=\"w2\",worker=\"w1\"} 1500.0",
            "dlion_link_goodput_bytes_per_second{peer=\"w2\",worker=\"w1\"} 2500000.0",
            "dlion_link_budget_bytes{peer=\"w2\",worker=\"w1\"} 3000.0",
            "dlion_link_max_n_ratio{peer=\"w2\",worker=\"w1\"} 0.25",
            "dlion_link_sent_ratio{peer=\"w2\",worker=\"w1\"} 0.5",
            "dlion_link_round_trip_seconds{peer=\"w2\",worker=\"w1\"} 0.025",
            "dlion_transfers_total{outcome=\"dropped\",peer=\"w2\",worker=\"w1\"} 1.0",
            "dlion_notices_total{severity=\"warning\",worker=\"w1\"} 1.0");
    assertThat(value(response.body(), "dlion_heap_used_bytes")).isGreaterThan(1e5);
    if (Files.isReadable(Path.of("/proc/self/status"))) {
      assertThat(value(response.body(), "process_resident_memory_bytes")).isBetween(1e7, 1e12);
    }
  }

  @Test
  void whatOnlyGrowsIsThereBeforeItDoes() throws IOException, InterruptedException {
    assertThat(get("/metrics").body()).doesNotContain("worker=");
    server.metrics().watch(() -> Map.of(W1, Map.of(W2, 0.0)));
    assertThat(get("/metrics").body().lines().filter(line -> line.contains("worker=")))
        .containsExactlyInAnyOrder(
            "dlion_members{worker=\"w1\"} 2.0",
            "dlion_training{worker=\"w1\"} 0.0",
            "dlion_samples_total{worker=\"w1\"} 0.0",
            "dlion_compute_seconds_total{worker=\"w1\"} 0.0",
            "dlion_wait_seconds_total{worker=\"w1\"} 0.0",
            "dlion_notices_total{severity=\"info\",worker=\"w1\"} 0.0",
            "dlion_notices_total{severity=\"warning\",worker=\"w1\"} 0.0",
            "dlion_notices_total{severity=\"error\",worker=\"w1\"} 0.0",
            "dlion_transfers_total{outcome=\"merged\",peer=\"w2\",worker=\"w1\"} 0.0",
            "dlion_transfers_total{outcome=\"dropped\",peer=\"w2\",worker=\"w1\"} 0.0",
            "dlion_transfers_total{outcome=\"caught up\",peer=\"w2\",worker=\"w1\"} 0.0",
            "dlion_link_messages_total{peer=\"w2\",worker=\"w1\"} 0.0",
            "dlion_link_sent_bytes_total{peer=\"w2\",worker=\"w1\"} 0.0");
  }

  @Test
  void commitsAndRecordsAreCountedFromZeroWhereThereWillBeSome()
      throws IOException, InterruptedException {
    server.metrics().watch(() -> Map.of(W1, Map.of()));
    server.metrics().expect(new WorkerMetrics.Expected(3, true, true));
    assertThat(get("/metrics").body().lines())
        .contains(
            "dlion_min_workers{worker=\"w1\"} 3.0",
            "dlion_commits_total{worker=\"w1\"} 0.0",
            "dlion_commit_sent_bytes_total{worker=\"w1\"} 0.0",
            "dlion_server_commits_total{worker=\"w1\"} 0.0",
            "dlion_commit_searches_total{worker=\"w1\"} 0.0",
            "dlion_stream_records_learned_total{worker=\"w1\"} 0.0",
            "dlion_stream_records_rejected_total{worker=\"w1\"} 0.0",
            "dlion_stream_records_shed_total{worker=\"w1\"} 0.0",
            "dlion_stream_drifts_total{scope=\"site\",worker=\"w1\"} 0.0");
  }

  @Test
  void whatWasProcessedBeforeAResumptionIsNoGrowth() throws IOException, InterruptedException {
    server.metrics().watch(() -> Map.of(W1, Map.of()));
    server.metrics().resumed(W1, 5000);
    server.metrics().accept(iteration(100, 32, 5032));
    assertThat(get("/metrics").body())
        .contains("dlion_samples_total{worker=\"w1\"} 32.0", "dlion_members{worker=\"w1\"} 1.0");
  }

  @Test
  void clientsAndTheirServerHaveMetrics() throws IOException, InterruptedException {
    WorkerMetrics metrics = server.metrics();
    metrics.accept(new Report.Serving(W1, 8, 30, 30, Double.NaN, 2, "", Double.NaN, 0.5, 1));
    metrics.accept(new Report.Serving(W1, 9, 40, 38, 0.75, 4, "probing", 0.02, 0.36, 2));
    metrics.accept(new Report.Committed(W2, 8, W1, 39, 10, 2, 2, 4, 1500, 0));
    metrics.accept(new Report.Committed(W2, 9, W1, 40, 12, 3, 3, 4, 1500, 250_000_000));
    assertThat(get("/metrics").body().lines())
        .contains(
            "# HELP dlion_commits_total Commits that left this client since its process began",
            "dlion_commits_total{worker=\"w2\"} 2.0",
            "dlion_commit_sent_bytes_total{worker=\"w2\"} 3000.0",
            "dlion_commit_steps{worker=\"w2\"} 12.0",
            "dlion_commit_round_trip_seconds{worker=\"w2\"} 0.25",
            "dlion_period_commits{worker=\"w2\"} 3.0",
            "dlion_period_commits_target{worker=\"w2\"} 4.0",
            "dlion_server_version{worker=\"w1\"} 40.0",
            "dlion_server_commits_total{worker=\"w1\"} 38.0",
            "dlion_server_loss{worker=\"w1\"} 0.75",
            "dlion_commit_target{worker=\"w1\"} 4.0",
            "dlion_commit_search_reward{worker=\"w1\"} 0.02",
            "dlion_implicit_momentum{worker=\"w1\"} 0.36",
            "dlion_commit_searches_total{worker=\"w1\"} 2.0");
  }

  @Test
  void whoServesNoLongerHasNoServerMetrics() throws IOException, InterruptedException {
    server.metrics().accept(new Report.Serving(W1, 9, 40, 38, 0.75, 4, "", 0.02, 0.36, 2));
    server.metrics().accept(new Report.Committed(W1, 10, W2, 41, 12, 1, 1, 4, 1500, 0));
    assertThat(get("/metrics").body())
        .contains("dlion_commits_total{worker=\"w1\"}")
        .doesNotContain(
            "dlion_server_version{worker", "dlion_commit_target{worker", "dlion_implicit");
  }

  private static double value(String text, String name) {
    return text.lines()
        .filter(line -> line.startsWith(name + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(name.length())))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void whoIsThereNoLongerHasNoLink() throws IOException, InterruptedException {
    reportEverything();
    server.metrics().accept(new Report.Sent(W2, 6, W3, 1, 100, 1, 7000, 0, 0));
    server.metrics().accept(new Report.Transfer(W1, 8, W3, 1, 0.5, 10, "merged"));
    server.metrics().watch(() -> Map.of(W1, Map.of(W2, 2.5e7)));
    String text = get("/metrics").body();
    assertThat(text).contains("peer=\"w2\",worker=\"w1\"", "peer=\"w3\",worker=\"w2\"");
    assertThat(text).doesNotContain("peer=\"w3\",worker=\"w1\"");
  }

  @Test
  void otherPathsAreAnsweredShortly() throws IOException, InterruptedException {
    assertThat(get("/healthz").body()).isEqualTo("ok\n");
    assertThat(get("/metrics/x").statusCode()).isEqualTo(404);
    assertThat(get("/").statusCode()).isEqualTo(404);
    assertThat(get("/").body()).isEqualTo("not here: /metrics, /healthz\n");
  }

  private String raw(String request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.address().getPort())) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      socket.shutdownOutput();
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    }
  }

  @ParameterizedTest
  @CsvSource({"/healthz, 200, 3", "/nowhere, 404, 29"})
  void aHeadRequestIsAnsweredLikeAGetRequestWithoutItsBody(String path, int status, int length)
      throws IOException {
    assertThat(raw("HEAD " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 " + status)
        .containsIgnoringCase("content-length: " + length)
        .endsWith("\r\n\r\n");
  }

  @Test
  void otherMethodsAreRefused() throws IOException {
    assertThat(
            raw(
                "POST /metrics HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 405")
        .containsIgnoringCase("allow: GET, HEAD");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HEAD /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        "HEAD /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        "DELETE /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        "GET /nowhere?a=%zz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        "GET HTTP/1.1\r\n\r\n",
        "GET /metrics HTTP/1.1\r\nHost: x\r\nContent-Length: many\r\n\r\n",
        "GET /metrics HTTP/1.1\r\nno colon\r\n\r\n",
        "\u0016\u0003\u0001",
        ""
      })
  void noRequestMakesTheServerLog(String request) throws IOException {
    List<String> logged = new CopyOnWriteArrayList<>();
    Handler listener =
        new Handler() {
          @Override
          public void publish(LogRecord record) {
            logged.add(record.getLoggerName() + ": " + record.getMessage());
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    Logger root = Logger.getLogger("");
    root.addHandler(listener);
    try {
      raw(request);
      assertThat(raw("GET /healthz HTTP/1.0\r\n\r\n")).endsWith("ok\n");
      assertThat(logged).isEmpty();
    } finally {
      root.removeHandler(listener);
    }
  }

  @Test
  void aPortInUseAndAForeignAddressAreMistakes() {
    int port = server.address().getPort();
    assertThatThrownBy(() -> MetricsServer.start("127.0.0.1", port))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("--metrics-port " + port + ": cannot be opened on 127.0.0.1");
    assertThatThrownBy(() -> MetricsServer.start("192.0.2.1", 0)) // for documentation: nobody's
        .isInstanceOf(UserError.class)
        .hasMessageContaining("192.0.2.1");
    assertThatThrownBy(() -> MetricsServer.start("no such host", 0))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("--metrics-bind no such host: expected an address");
  }

  @Test
  void dashboardAndAlertsNameMetricsThatExist() throws IOException, InterruptedException {
    reportEverything();
    Set<String> known = new TreeSet<>();
    get("/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith("# TYPE "))
        .forEach(line -> known.add(line.replaceAll("# TYPE (\\S+) .*", "$1")));
    Path deploy = Path.of(Objects.requireNonNull(System.getProperty("dlion.root")), "deploy");
    JsonNode dashboard = new ObjectMapper().readTree(deploy.resolve("grafana/dlion.json").toFile());
    List<JsonNode> queries = dashboard.findValues("expr");
    assertThat(queries).hasSizeGreaterThan(15);
    Set<String> shown = new TreeSet<>();
    queries.forEach(query -> shown.addAll(names(query.asText())));
    assertThat(known).containsAll(shown);
    assertThat(shown).hasSizeGreaterThan(15);
    assertThat(dashboard.findValuesAsText("query").getLast()).contains("dlion_iteration");
    Set<String> alerting = names(Files.readString(deploy.resolve("prometheus/alerts.yaml")));
    assertThat(alerting).isNotEmpty();
    assertThat(known).containsAll(alerting);
  }

  private static Set<String> names(String query) {
    Set<String> names = new TreeSet<>();
    Matcher matcher = NAME.matcher(query);
    while (matcher.find()) {
      names.add(matcher.group());
    }
    return names;
  }

  private static Report.Streamed streamed(long learned, long backlog, double cluster) {
    return new Report.Streamed(
        W1,
        9,
        new StreamFigures(
            learned,
            1,
            2,
            3,
            4,
            5,
            backlog,
            7,
            31.5,
            new StreamFigures.Prequential(0.875, 0.75, 0.5),
            new StreamFigures.Prequential(cluster, cluster, cluster),
            new StreamFigures.Freshness(100, 0.5, 2.5)));
  }

  @Test
  void streamsHaveMetrics() throws IOException, InterruptedException {
    server.metrics().accept(streamed(100, 50, Double.NaN));
    assertThat(get("/metrics").body())
        .contains(
            "dlion_stream_records_learned_total{worker=\"w1\"} 100.0",
            "dlion_stream_drifts_total{scope=\"cluster\",worker=\"w1\"} 0.0",
            "dlion_stream_drifts_total{scope=\"site\",worker=\"w1\"} 0.0")
        .doesNotContain("scope=\"cluster\",worker=\"w1\"} NaN");
    server.metrics().accept(streamed(150, 60, 0.25));
    server.metrics().accept(new Report.Drifted(W1, 10, true, 0.08, 0.31));
    assertThat(get("/metrics").body().lines())
        .contains(
            "dlion_stream_records_learned_total{worker=\"w1\"} 150.0",
            "dlion_stream_records_rejected_total{worker=\"w1\"} 2.0",
            "dlion_stream_records_shed_total{worker=\"w1\"} 3.0",
            "dlion_stream_queue_records{worker=\"w1\"} 5.0",
            "dlion_stream_backlog_records{worker=\"w1\"} 60.0",
            "dlion_stream_arrivals_per_second{worker=\"w1\"} 31.5",
            "dlion_stream_prequential_accuracy{kind=\"window\",scope=\"site\",worker=\"w1\"} 0.875",
            "dlion_stream_prequential_accuracy{kind=\"fading\",scope=\"site\",worker=\"w1\"} 0.75",
            "dlion_stream_prequential_accuracy{kind=\"overall\",scope=\"cluster\",worker=\"w1\"} 0.25",
            "dlion_stream_freshness_seconds{quantile=\"0.5\",worker=\"w1\"} 0.5",
            "dlion_stream_freshness_seconds{quantile=\"0.99\",worker=\"w1\"} 2.5",
            "dlion_stream_drifts_total{scope=\"cluster\",worker=\"w1\"} 1.0");
  }

  @Test
  void aBacklogThatIsNotKnownAndARunWithoutAStreamHaveNoSeries()
      throws IOException, InterruptedException {
    server.metrics().accept(iteration(0, 32, 32));
    assertThat(get("/metrics").body()).doesNotContain("dlion_stream_records_learned_total{");
    server.metrics().accept(streamed(100, 50, 0.5));
    server.metrics().accept(streamed(110, -1, 0.5));
    assertThat(get("/metrics").body())
        .contains("dlion_stream_queue_records{")
        .doesNotContain("dlion_stream_backlog_records{");
  }

  @Test
  void everyMetricOfStreamsIsInTheDocumentAndTheDashboard() throws IOException {
    Path root = Path.of(Objects.requireNonNull(System.getProperty("dlion.root")));
    String document = Files.readString(root.resolve("docs/OPERATIONS.md"));
    String dashboard = Files.readString(root.resolve("deploy/grafana/dlion.json"));
    server.metrics().accept(streamed(110, 5, 0.5));
    server.metrics().scrape().stream()
        .flatMap(m -> names(m.getMetadata().getPrometheusName()).stream())
        .filter(name -> name.startsWith("dlion_stream"))
        .forEach(name -> assertThat(List.of(document, dashboard)).allMatch(t -> t.contains(name)));
  }
}
