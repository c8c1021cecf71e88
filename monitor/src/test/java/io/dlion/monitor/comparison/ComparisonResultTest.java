package io.dlion.monitor.comparison;

import static io.dlion.monitor.comparison.Runs.comparison;
import static io.dlion.monitor.comparison.Runs.diverged;
import static io.dlion.monitor.comparison.Runs.missing;
import static io.dlion.monitor.comparison.Runs.preset;
import static io.dlion.monitor.comparison.Runs.reaching;
import static io.dlion.monitor.comparison.Runs.served;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ComparisonResultTest {
  private final ComparisonSummary summary =
      ComparisonSummary.of(
          comparison(
              OptionalDouble.of(0.85),
              List.of(reaching(1, 60)),
              preset("dlion", reaching(1, 100)),
              preset("ako", reaching(1, 150)),
              preset("gaia", missing(1)),
              preset("hop", diverged(1))));

  @Test
  void fieldsOfOneComparisonAreTheFilesOwn(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("result.json");
    ComparisonResult.write(file, List.of(summary), Map.of("versions", Map.of("dlion", "1")));
    JsonNode json = new ObjectMapper().readTree(Files.readString(file));
    assertThat(json.get("environment").asText()).isEqualTo("homo-b");
    assertThat(json.get("target").asDouble()).isEqualTo(0.85);
    assertThat(json.get("budgetSeconds").asDouble()).isEqualTo(600);
    assertThat(json.get("best").asText()).isEqualTo("dlion");
    assertThat(json.at("/versions/dlion").asText()).isEqualTo("1");
    JsonNode first = json.at("/presets/0");
    assertThat(first.get("preset").asText()).isEqualTo("dlion");
    assertThat(first.get("seeds").asInt()).isEqualTo(1);
    assertThat(first.get("secondsToTarget").asDouble()).isEqualTo(100);
    assertThat(first.get("ratioToBestOther").asDouble()).isEqualTo(1.5);
    assertThat(first.get("idealShare").asDouble()).isEqualTo(0.6);
    assertThat(first.get("accuracy").asDouble()).isEqualTo(0.88);
    assertThat(first.get("worstAccuracy").asDouble()).isEqualTo(0.86);
    assertThat(first.get("bytesSent").asDouble()).isEqualTo(1_500_000);
    assertThat(first.get("samplesPerSecond").asDouble()).isEqualTo(10);
    assertThat(first.at("/runs/0/secondsToTarget").asDouble()).isEqualTo(100);
    assertThat(json.at("/ideal/secondsToTarget").asDouble()).isEqualTo(60);
  }

  @Test
  void whatIsNotKnownIsNull() throws IOException {
    JsonNode json =
        new ObjectMapper().readTree(ComparisonResult.toJson(List.of(summary), Map.of()));
    JsonNode missed = json.at("/presets/2");
    assertThat(missed.get("secondsToTarget").isNull()).isTrue();
    assertThat(missed.get("secondsToTargetInterval").isNull()).isTrue();
    assertThat(missed.get("idealShare").isNull()).isTrue();
    assertThat(missed.get("accuracyInterval").isNull()).isTrue();
    assertThat(missed.at("/runs/0/secondsToTarget").isNull()).isTrue();
    JsonNode diverged = json.at("/presets/3");
    assertThat(diverged.get("diverged").asInt()).isEqualTo(1);
    assertThat(diverged.get("accuracy").isNull()).isTrue();
    assertThat(diverged.at("/runs/0/accuracy").isNull()).isTrue();
    assertThat(diverged.at("/runs/0/stoppedBy").asText()).isEqualTo("diverged");
  }

  @Test
  void waitsAndCommitsAreToldOfEveryPresetAndTheSearchWhereThereIsAServer() throws IOException {
    ComparisonSummary both =
        ComparisonSummary.of(
            comparison(preset("dlion", reaching(1, 100)), preset("adsp", served(1), served(2))));
    JsonNode json = new ObjectMapper().readTree(ComparisonResult.toJson(List.of(both), Map.of()));
    JsonNode peers = json.at("/presets/0");
    assertThat(peers.get("waitShare").asDouble()).isEqualTo(0.125);
    assertThat(peers.get("commits").asDouble()).isZero();
    assertThat(peers.has("searches")).isFalse();
    assertThat(peers.at("/runs/0/waitShare").asDouble()).isEqualTo(0.125);
    JsonNode served = json.at("/presets/1");
    assertThat(served.get("commits").asDouble()).isEqualTo(480);
    assertThat(served.get("commitTarget").asDouble()).isEqualTo(2);
    assertThat(served.get("implicitMomentum").asDouble()).isEqualTo(0.25);
    assertThat(served.get("searches").asDouble()).isEqualTo(1);
    assertThat(served.at("/runs/1/commits").asLong()).isEqualTo(480);
    assertThat(served.at("/runs/1/implicitMomentum").asDouble()).isEqualTo(0.25);
  }

  @Test
  void severalComparisonsAreAList() throws IOException {
    ComparisonSummary other =
        ComparisonSummary.of(
            comparison(OptionalDouble.empty(), List.of(), preset("dlion", missing(1))));
    JsonNode json =
        new ObjectMapper().readTree(ComparisonResult.toJson(List.of(summary, other), Map.of()));
    assertThat(json.get("environments")).hasSize(2);
    assertThat(json.at("/environments/1/target").isNull()).isTrue();
    assertThat(json.at("/environments/1/ideal").isNull()).isTrue();
  }

  @Test
  void extraFieldsDoNotReplaceOthers() {
    assertThatThrownBy(() -> ComparisonResult.toJson(List.of(summary), Map.of("target", 1)))
        .hasMessageContaining("'target' is taken");
  }

  @Test
  void streamsAreToldOfWhereThereAreSome() throws IOException {
    ComparisonSummary both =
        ComparisonSummary.of(
            comparison(
                preset("dlion", reaching(1, 100)),
                preset("online", Runs.streaming(1, 0.86, 112.5), Runs.streaming(2, 0.8, 117.5))));
    JsonNode json = new ObjectMapper().readTree(ComparisonResult.toJson(List.of(both), Map.of()));
    assertThat(json.at("/presets/0").has("prequentialAccuracy")).isFalse();
    assertThat(json.at("/presets/0/runs/0").has("recordsLearned")).isFalse();
    JsonNode online = json.at("/presets/1");
    assertThat(online.get("prequentialAccuracy").asDouble()).isCloseTo(0.83, within(1e-9));
    assertThat(online.at("/freshnessSeconds/p99").asDouble()).isEqualTo(2.1);
    assertThat(online.get("recoverySeconds").asDouble()).isEqualTo(15);
    assertThat(online.get("driftsMade").asInt()).isEqualTo(2);
    assertThat(online.at("/runs/1/recoverySeconds").asDouble()).isEqualTo(17.5);
  }
}
