package io.dlion.monitor.log;

import static io.dlion.monitor.Reports.W1;
import static io.dlion.monitor.Reports.W2;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dlion.core.WorkerId;
import io.dlion.core.report.Report;
import io.dlion.monitor.Reports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

public final class MetricsLogTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;
  private Path file = Path.of("");

  @BeforeEach
  void setUp() {
    file = folder.resolve("metrics.jsonl");
  }

  private List<JsonNode> lines() throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      lines.add(JSON.readTree(line));
    }
    return lines;
  }

  private List<JsonNode> log(Report... reports) throws IOException {
    try (MetricsLog log = MetricsLog.open(file)) {
      for (Report report : reports) {
        log.accept(report);
      }
    }
    return lines();
  }

  @Test
  void writesEachKindOfReport() throws IOException {
    log(
        Reports.iteration(W1, 0.5, 0, 32, 2.25, 32),
        Reports.sent(W1, 0.5000014, W2, 1200),
        Reports.evaluated(W1, 1, 0.75),
        new Report.Transfer(W1, Reports.SECOND, W2, 3, 0.5, 250_000_000, "merged"),
        Reports.notice(W2, 2, Report.Severity.WARNING, "w3 \"left\"\n\u0001"));
    assertThat(file)
        .hasContent(
            """
            {"t":0.500000,"worker":"w1","kind":"iteration","iteration":0,"count":1,"batchSize":32,\
            "globalBatchSize":96,"loss":2.25,"computeSeconds":0.100000,"waitSeconds":0.000000,\
            "samples":32,"clusterSamples":32,"staleness":2}
            {"t":0.500001,"worker":"w1","kind":"sent","peer":"w2","iteration":1,"count":1,"n":12.5,\
            "share":0.04,"bytes":1200,"budgetBytes":3000,"bytesPerSecond":2500000.0}
            {"t":1.000000,"worker":"w1","kind":"evaluated","iteration":9,"clusterSamples":900,\
            "accuracy":0.75,"loss":0.25,"tookSeconds":0.250000}
            {"t":1.000000,"worker":"w1","kind":"transfer","from":"w2","round":3,"lambda":0.5,\
            "ageSeconds":0.250000,"outcome":"merged"}
            {"t":2.000000,"worker":"w2","kind":"notice","severity":"warning",\
            "text":"w3 \\"left\\"\\n\\u0001"}
            """);
    assertThat(lines()).hasSize(5);
  }

  @Test
  void sumsUpCommitsOfAClient() throws IOException {
    List<JsonNode> lines =
        log(
            Reports.committed(W2, 1.00, 1, 1, 4),
            Reports.committed(W2, 1.05, 2, 2, 4),
            Reports.committed(W2, 1.06, 3, 3, 4));
    assertThat(lines.stream().map(l -> l.get("count").asInt())).containsExactly(1, 2);
    assertThat(lines.getFirst().get("roundTripSeconds").isNull()).isTrue();
    assertThat(lines.getLast())
        .isEqualTo(
            JSON.readTree(
                """
                {"t":1.060000,"worker":"w2","kind":"committed","server":"w1","version":40,
                 "count":2,"steps":24,"commits":3,"periodCommits":3,"periodTarget":4,
                 "bytes":3000,"roundTripSeconds":0.25}\
                """));
  }

  @Test
  void noStepOfASearchIsLeftOutHoweverFastItGoes() throws IOException {
    List<JsonNode> lines =
        log(
            Reports.serving(W1, 1.00, 1, 1, "probing C = 1"),
            Reports.serving(W1, 1.01, 2, 1, "probing C = 1"),
            Reports.serving(W1, 1.02, 3, 2, "probing C = 2"),
            Reports.serving(W1, 1.03, 4, 2, ""),
            Reports.serving(W1, 1.04, 5, 2, ""),
            Reports.serving(W1, 1.05, 6, 2, ""));
    assertThat(lines.stream().map(l -> l.get("commits").asInt())).containsExactly(1, 3, 4, 6);
    assertThat(lines.get(1))
        .isEqualTo(
            JSON.readTree(
                """
                {"t":1.020000,"worker":"w1","kind":"serving","version":3,"commits":3,"loss":0.5,
                 "commitTarget":2,"search":"probing C = 2","reward":0.0213,
                 "implicitMomentum":0.361,"searches":1}\
                """));
  }

  @Test
  void aLossThatIsNotFiniteIsStillJson() throws IOException {
    List<JsonNode> lines =
        log(
            Reports.iteration(W1, 1, 0, 32, Double.NaN, 32),
            Reports.evaluated(W1, 2, Double.NEGATIVE_INFINITY),
            Reports.iteration(W1, 3, 1, 32, Double.POSITIVE_INFINITY, 64));
    assertThat(lines).hasSize(3);
    assertThat(lines.get(0).get("loss").isNull()).isTrue();
    assertThat(lines.get(0).get("lossesNotFinite").asLong()).isEqualTo(1);
    assertThat(lines.get(1).get("accuracy").isNull()).isTrue();
    assertThat(lines.get(2).get("loss").isNull()).isTrue();
  }

  @Test
  void sumsUpFastIterationsWithinAnInterval() throws IOException {
    // The first is written at once; those up to 0.1 s later make one line; the rest come at the
    // end.
    List<JsonNode> lines =
        log(
            Reports.iteration(W1, 1.00, 0, 10, 9, 10),
            Reports.iteration(W1, 1.04, 1, 10, 1, 20),
            Reports.iteration(W1, 1.08, 2, 10, Double.NaN, 30),
            Reports.iteration(W1, 1.12, 3, 20, 3, 50),
            Reports.iteration(W1, 1.13, 4, 20, 7, 70));
    assertThat(lines.stream().map(l -> l.get("count").asInt())).containsExactly(1, 3, 1);
    JsonNode middle = lines.get(1);
    assertThat(middle.get("t").asDouble()).isEqualTo(1.12);
    assertThat(middle.get("iteration").asInt()).isEqualTo(3);
    assertThat(middle.get("loss").asDouble()).isEqualTo(2);
    assertThat(middle.get("lossesNotFinite").asInt()).isEqualTo(1);
    assertThat(middle.get("batchSize").asInt()).isEqualTo(20);
    assertThat(middle.get("computeSeconds").asDouble()).isEqualTo(0.3);
    assertThat(middle.get("samples").asInt()).isEqualTo(50);
  }

  @Test
  void sumsUpMessagesPerLink() throws IOException {
    WorkerId w3 = Reports.W3;
    List<JsonNode> lines =
        log(
            Reports.sent(W1, 1.00, W2, 1),
            Reports.sent(W1, 1.00, w3, 10),
            Reports.sent(W1, 1.05, W2, 2),
            Reports.sent(W1, 1.05, w3, 20),
            Reports.sent(W1, 1.10, W2, 4));
    assertThat(lines.stream().map(l -> l.get("peer").asText() + l.get("bytes")))
        .containsExactly("w21", "w310", "w26", "w320");
    assertThat(lines.get(2).get("budgetBytes").asInt()).isEqualTo(6000);
    assertThat(lines.get(2).get("share").asDouble()).isEqualTo(0.04);
  }

  @Test
  void growsWithTheLogarithmOfTimeOnly() throws IOException {
    try (MetricsLog log = MetricsLog.open(file)) {
      for (int i = 0; i < 360_000; i++) { // an hour of 100 iterations a second
        log.accept(Reports.iteration(W1, i / 100.0, i, 1, 1, i + 1));
      }
    }
    List<JsonNode> lines = lines();
    assertThat(lines).hasSizeBetween(4000, 5000);
    assertThat(lines.stream().mapToLong(l -> l.get("count").asLong()).sum()).isEqualTo(360_000);
  }

  @Test
  void limitsNoticesAndSaysHowManyAreMissing() throws IOException {
    try (MetricsLog log = MetricsLog.open(file)) {
      for (int i = 0; i < 50; i++) {
        log.accept(Reports.notice(W1, 1.5, Report.Severity.INFO, "n" + i));
      }
      log.accept(Reports.notice(W1, 2.5, Report.Severity.INFO, "later"));
    }
    List<JsonNode> lines = lines();
    assertThat(lines).hasSize(21);
    assertThat(lines.getLast().get("suppressed").asInt()).isEqualTo(30);
  }

  @Test
  void appendsAfterCuttingOffAHalfLine() throws IOException {
    String whole = "{\"t\":1}\n{\"t\":2}\n";
    Files.writeString(file, whole + "{\"t\":3,\"text\":\"" + "x".repeat(20_000));
    log(Reports.evaluated(W1, 4, 0.5));
    assertThat(file).content().startsWith(whole + "{\"t\":4.000000,");
    assertThat(lines()).hasSize(3);
  }

  @Test
  void aFileOfOneHalfLineBecomesEmpty() throws IOException {
    Files.writeString(file, "{\"t\"");
    log();
    assertThat(file).isEmptyFile();
  }

  @Test
  void aFlushedLogCanBeReadWhileTheRunGoesOn() throws IOException {
    try (MetricsLog log = MetricsLog.open(file)) {
      log.accept(Reports.evaluated(W1, 4, 0.5));
      log.flush();
      assertThat(lines()).hasSize(1);
      log.accept(Reports.evaluated(W1, 5, 0.5));
      log.flush();
      assertThat(lines()).hasSize(2);
    }
  }

  @Test
  void keepsTheFirstFailureOfTheDiskAndNeverThrows() throws IOException {
    Path full = Path.of("/dev/full");
    assumeTrue(Files.isWritable(full), "there is no /dev/full here");
    MetricsLog log = MetricsLog.open(full);
    List<String> told = new CopyOnWriteArrayList<>();
    log.whenFailed(e -> told.add(e.getMessage()));
    log.accept(Reports.evaluated(W1, 1, 0.5));
    log.flush();
    assertThat(told).containsExactly("cannot write /dev/full: No space left on device");
    log.accept(Reports.evaluated(W1, 2, 0.5));
    log.flush();
    log.close();
    log.close();
    log.accept(Reports.evaluated(W1, 3, 0.5));
    assertThat(log.failure())
        .get()
        .extracting(IOException::getMessage)
        .isEqualTo("cannot write /dev/full: No space left on device");
    assertThat(told).as("once").hasSize(1);
  }

  @Test
  void namesAFileThatCannotBeOpened() {
    Path missing = folder.resolve("no/metrics.jsonl");
    assertThatThrownBy(() -> MetricsLog.open(missing))
        .isInstanceOf(IOException.class)
        .hasMessage("cannot write " + missing + ": No such file or folder");
  }

  @Test
  void losesNothingOfSeveralThreads() throws Exception {
    int threads = 4;
    int each = 5000;
    try (MetricsLog log = MetricsLog.open(file)) {
      run(
          threads,
          t -> {
            WorkerId worker = new WorkerId("w" + t);
            for (int i = 0; i < each; i++) {
              log.accept(Reports.iteration(worker, i / 1000.0, i, 1, 1, i + 1));
              log.accept(Reports.sent(worker, i / 1000.0, W1, 3));
            }
          });
      assertThat(log.failure()).isEmpty();
    }
    List<JsonNode> lines = lines();
    long messages = threads * (long) each;
    assertThat(sum(lines, "iteration", "count")).isEqualTo(messages);
    assertThat(sum(lines, "sent", "count")).isEqualTo(messages);
    assertThat(sum(lines, "sent", "bytes")).isEqualTo(3 * messages);
  }

  private static long sum(List<JsonNode> lines, String kind, String key) {
    return lines.stream()
        .filter(l -> l.get("kind").asText().equals(kind))
        .mapToLong(l -> l.get(key).asLong())
        .sum();
  }

  public interface Work {
    void of(int thread);
  }

  public static void run(int threads, Work work) throws InterruptedException, ExecutionException {
    try (var pool = Executors.newFixedThreadPool(threads)) {
      List<Future<?>> all = new ArrayList<>();
      for (int t = 0; t < threads; t++) {
        int thread = t;
        all.add(pool.submit(() -> work.of(thread)));
      }
      for (Future<?> one : all) {
        one.get();
      }
    }
  }

  @Test
  void writesHowAStreamStandsAndItsDrifts() throws IOException {
    List<JsonNode> lines =
        log(
            Reports.streamedNothing(W1, 1),
            Reports.streamed(W1, 2, 500, 0.875, 0.75),
            Reports.drifted(W1, 2.5, true),
            Reports.drifted(W2, 3, false));
    assertThat(lines.get(0))
        .isEqualTo(
            JSON.readTree(
                """
                {"t":1.000000,"worker":"w1","kind":"stream","learned":0,"rejected":0,"shed":0,
                 "tested":0,"queued":0,"backlog":null,"replayed":0,"arrivalsPerSecond":0.0,
                 "prequential":{"window":null,"fading":null,"overall":null},
                 "clusterPrequential":{"window":null,"fading":null,"overall":null},
                 "freshnessSeconds":{"p50":null,"p99":null,"records":0}}\
                """));
    assertThat(lines.get(1))
        .isEqualTo(
            JSON.readTree(
                """
                {"t":2.000000,"worker":"w1","kind":"stream","learned":500,"rejected":2,"shed":0,
                 "tested":10,"queued":5,"backlog":1200,"replayed":40,"arrivalsPerSecond":31.5,
                 "prequential":{"window":0.875,"fading":0.865,"overall":0.855},
                 "clusterPrequential":{"window":0.75,"fading":0.74,"overall":0.73},
                 "freshnessSeconds":{"p50":0.8,"p99":2.1,"records":500}}\
                """));
    assertThat(lines.get(2))
        .isEqualTo(
            JSON.readTree(
                """
                {"t":2.500000,"worker":"w1","kind":"drift","scope":"cluster","errorBefore":0.08,
                 "errorAfter":0.31}\
                """));
    assertThat(lines.get(3).get("scope").asText()).isEqualTo("site");
  }

  @Test
  void aStreamThatIsFollowedForDaysMakesNoMoreLinesThanAnythingElse() throws IOException {
    try (MetricsLog log = MetricsLog.open(file)) {
      for (int second = 1; second <= 100_000; second++) {
        log.accept(Reports.streamed(W1, second, second, 0.9, 0.9));
      }
    }
    assertThat(lines()).hasSizeLessThan(7000);
    assertThat(lines().getLast().get("learned").asLong()).isEqualTo(100_000);
  }
}
