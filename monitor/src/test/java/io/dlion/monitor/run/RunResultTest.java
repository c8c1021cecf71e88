package io.dlion.monitor.run;

import static io.dlion.monitor.Reports.W1;
import static io.dlion.monitor.Reports.W2;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dlion.core.UserError;
import io.dlion.monitor.Reports;
import io.dlion.monitor.statistics.RunGoal;
import io.dlion.monitor.statistics.RunStatistics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RunResultTest {
  private static final RunResult.Context CONTEXT =
      new RunResult.Context("dlion", "cnn", -7, "epochs", 4);

  @TempDir Path folder;
  private Path file = Path.of("");
  private final RunStatistics statistics = new RunStatistics(RunGoal.epochs(1000, 3));

  @BeforeEach
  void setUp() {
    file = folder.resolve("result.json");
    statistics.accept(Reports.iteration(W1, 1, 9, 32, 0.5, 320));
    statistics.accept(Reports.iteration(W2, 1, 4, 16, 0.5, 80));
    statistics.accept(Reports.sent(W1, 1, W2, 1200));
    statistics.accept(Reports.evaluated(W1, 2, 0.75));
    statistics.accept(Reports.evaluated(W2, 2, 0.25));
  }

  private static Map<String, @Nullable Object> extra() {
    Map<String, @Nullable Object> extra = new LinkedHashMap<>();
    extra.put("data", "generated:shapes");
    extra.put("finalModel", Map.of("how", "mean", "accuracy", Double.NaN));
    extra.put("shares", List.of(1, 2.5));
    extra.put("nothing", null);
    return extra;
  }

  @Test
  void writesEveryField() throws IOException {
    RunResult.of(statistics.snapshot(), CONTEXT, extra()).write(file);
    JsonNode json = new ObjectMapper().readTree(file.toFile());
    JsonNode expected =
        new ObjectMapper()
            .readTree(
                """
                {"accuracy": 0.5, "worstAccuracy": 0.25, "loss": 0.5, "seconds": 4.0,
                 "samples": 400, "iterations": 15, "bytesSent": 1200, "preset": "dlion",
                 "model": "cnn", "seed": -7, "stoppedBy": "epochs", "samplesPerSecond": 100.0,
                 "workers": [
                   {"worker": "w1", "accuracy": 0.75, "loss": 0.25, "seconds": 4.0, "samples": 320,
                    "iterations": 10, "bytesSent": 1200, "samplesPerSecond": 80.0, "batchSize": 32,
                    "waitShare": 0.0, "commits": 0},
                   {"worker": "w2", "accuracy": 0.25, "loss": 0.75, "seconds": 4.0, "samples": 80,
                    "iterations": 5, "bytesSent": 0, "samplesPerSecond": 20.0, "batchSize": 16,
                    "waitShare": 0.0, "commits": 0}],
                 "data": "generated:shapes", "finalModel": {"how": "mean", "accuracy": null},
                 "shares": [1, 2.5], "nothing": null}
                """);
    assertThat(json).isEqualTo(expected);
  }

  @Test
  void readsBackWhatItWrote() throws IOException {
    Map<String, @Nullable Object> extra = extra();
    extra.remove("finalModel"); // NaN comes back as null, as it must.
    RunResult result = RunResult.of(statistics.snapshot(), CONTEXT, extra);
    result.write(file);
    assertThat(RunResult.read(file)).isEqualTo(result);
  }

  @Test
  void tellsWhoServedAndWhatItsSearchCameTo() throws IOException {
    statistics.accept(Reports.serving(Reports.W3, 0, 0, 1, "probing C = 1"));
    statistics.accept(Reports.serving(Reports.W3, 2, 40, 4, ""));
    statistics.accept(Reports.committed(W2, 2, 17, 1, 4));
    RunResult result = RunResult.of(statistics.snapshot(), CONTEXT, Map.of());
    result.write(file);
    JsonNode json = new ObjectMapper().readTree(file.toFile());
    assertThat(json.at("/workers/1/commits").asLong()).isEqualTo(17);
    assertThat(json.at("/workers/2/waitShare").isNull()).isTrue();
    assertThat(json.get("server").asText()).isEqualTo("w3");
    assertThat(json.get("commitTarget").asInt()).isEqualTo(4);
    assertThat(json.get("searches").asInt()).isEqualTo(1);
    assertThat(json.get("implicitMomentum").asDouble()).isEqualTo(0.361);
    assertThat(result.onlyServed()).isFalse();
    assertThat(RunResult.read(file).onlyServed()).isFalse();
  }

  @Test
  void aFileOfAnEarlierVersionKnowsNothingOfWaits() throws IOException {
    RunResult.of(statistics.snapshot(), CONTEXT, Map.of()).write(file);
    String text = Files.readString(file);
    Files.writeString(
        file,
        text.replaceAll(",\\s*\"waitShare\" : 0.0", "").replaceAll(",\\s*\"commits\" : 0", ""));
    assertThat(Files.readString(file)).doesNotContain("waitShare", "commits");
    assertThat(RunResult.read(file).workers().getFirst().waitShare()).isNaN();
    assertThat(RunResult.read(file).workers().getFirst().commits()).isZero();
  }

  @Test
  void whatIsNotKnownIsNull() throws IOException {
    RunStatistics none = new RunStatistics(RunGoal.epochs(1000, 3));
    none.accept(Reports.iteration(W1, 1, 0, 32, Double.NaN, 32));
    none.accept(Reports.evaluated(W1, 1, Double.NaN));
    var stoppedAtOnce = new RunResult.Context("local", "mlp", 1, "Ctrl-C", 0);
    RunResult.of(none.snapshot(), stoppedAtOnce, Map.of()).write(file);
    JsonNode json = new ObjectMapper().readTree(file.toFile());
    for (String key : List.of("accuracy", "worstAccuracy", "loss", "samplesPerSecond")) {
      assertThat(json.get(key).isNull()).as(key).isTrue();
    }
    assertThat(RunResult.read(file).accuracy()).isNaN();
  }

  @Test
  void refusesAnExtraFieldOfATakenName() {
    RunResult result = RunResult.of(statistics.snapshot(), CONTEXT, Map.of("seed", 3));
    assertThatThrownBy(() -> result.write(file))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("extra field 'seed' is taken");
    assertThat(file).doesNotExist();
  }

  @Test
  void namesFileAndPlaceOfWhatItCannotRead() throws IOException {
    fails("{\"accuracy\": ", file + ", line 1: not JSON: ");
    fails("[]", file + ": expected a JSON object");
    fails("{\"workers\": 3}", file + ": 'workers': expected a list, found 3");
    fails("{\"workers\": []}", file + ": 'accuracy' is missing, expected a number or null");
    fails("{\"workers\": [{}]}", file + ": workers[0]: 'worker' is missing, expected a text");
    fails(
        "{\"workers\": [{\"worker\": 3}]}",
        file + ": workers[0]: 'worker': expected a text, found 3");
  }

  private void fails(String content, String message) throws IOException {
    Files.writeString(file, content);
    assertThatThrownBy(() -> RunResult.read(file))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith(message);
  }

  @Test
  void namesAFileThatIsMissing() {
    assertThatThrownBy(() -> RunResult.read(file))
        .isInstanceOf(IOException.class)
        .hasMessage("cannot read " + file + ": No such file or folder");
  }

  @Test
  void tellsOfStreamsOfTheRunAndOfEachWorker() throws IOException {
    statistics.accept(Reports.streamed(W1, 3, 300, 0.9, 0.8));
    statistics.accept(Reports.drifted(W1, 3.5, false));
    statistics.accept(Reports.drifted(W2, 3.5, true));
    RunResult.of(statistics.snapshot(), CONTEXT, Map.of()).write(file);
    JsonNode json = new ObjectMapper().readTree(file.toFile());
    assertThat(json.get("prequentialAccuracy").asDouble()).isEqualTo(0.78);
    assertThat(json.get("prequentialWindow").asDouble()).isEqualTo(0.8);
    assertThat(json.get("recordsLearned").asLong()).isEqualTo(300);
    assertThat(json.get("recordsHash").asText()).isEqualTo("0000000000000384");
    assertThat(json.get("recordsRejected").asLong()).isEqualTo(2);
    assertThat(json.get("recordsTested").asLong()).isEqualTo(10);
    assertThat(json.at("/freshnessSeconds/p99").asDouble()).isEqualTo(2.1);
    assertThat(json.get("drifts"))
        .isEqualTo(
            new ObjectMapper()
                .readTree(
                    """
                    [{"seconds": 3.5, "worker": "w1", "scope": "site"},
                     {"seconds": 3.5, "worker": "w2", "scope": "cluster"}]\
                    """));
    JsonNode worker = json.at("/workers/0");
    assertThat(worker.get("prequentialWindow").asDouble()).isEqualTo(0.9);
    assertThat(worker.get("recordsShed").asLong()).isZero();
    assertThat(worker.get("drifts")).hasSize(1);
    assertThat(json.at("/workers/1").has("recordsLearned")).isFalse();
    RunResult read = RunResult.read(file);
    assertThat(read.toJson()).isEqualTo(Files.readString(file));
    assertThat(read.workers().getFirst().stream()).containsEntry("recordsLearned", 300);
  }

  @Test
  void doesNotSpeakOfStreamsWhereThereAreNone() throws IOException {
    RunResult.of(statistics.snapshot(), CONTEXT, Map.of()).write(file);
    assertThat(Files.readString(file))
        .doesNotContain("prequential", "records", "freshness", "drifts");
    assertThat(RunResult.read(file).workers().getFirst().stream()).isEmpty();
  }
}
