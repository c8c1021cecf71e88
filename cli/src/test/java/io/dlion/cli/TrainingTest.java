package io.dlion.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dlion.cli.console.Console;
import io.dlion.core.Phrase;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The commands as a user gives them, from data to model, on data that is small. The time limit is
 * there for hangs; it measures nothing.
 */
@Timeout(value = 900, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TrainingTest {
  @TempDir private Path folder;

  private String out = "";
  private String err = "";

  private int dlion(String... arguments) {
    ByteArrayOutputStream outBytes = new ByteArrayOutputStream();
    ByteArrayOutputStream errBytes = new ByteArrayOutputStream();
    Console console = Console.plain(outBytes, errBytes);
    int code = Main.run(arguments, console, Main.commands(console));
    out = outBytes.toString(StandardCharsets.UTF_8);
    err = errBytes.toString(StandardCharsets.UTF_8);
    return code;
  }

  /** Trains and expects success; two workers on generated tables unless told otherwise. */
  private JsonNode train(String... more) throws IOException {
    List<String> arguments = new ArrayList<>(List.of("train", "--threads", "1", "--out", runs()));
    if (!List.of(more).contains("--workers")) {
      arguments.addAll(List.of("--workers", "2"));
    }
    if (!List.of(more).contains("--data")) {
      arguments.addAll(List.of("--data", "generated:blobs", "--model", "logistic"));
    }
    arguments.addAll(List.of(more));
    assertThat(dlion(arguments.toArray(new String[0]))).as("%s%s", out, err).isZero();
    return result();
  }

  private String runs() {
    return folder.resolve("runs").toString();
  }

  private Path latest() {
    return folder.resolve("runs/latest");
  }

  private JsonNode result() throws IOException {
    return new ObjectMapper().readTree(latest().resolve("result.json").toFile());
  }

  @Test
  void aRunLeavesEverythingThatIsPromised() throws IOException {
    JsonNode result = train("--epochs", "2", "--seed", "5");
    assertThat(result.path("accuracy").asDouble()).isBetween(0.4, 1.0);
    assertThat(result.path("worstAccuracy").asDouble())
        .isLessThanOrEqualTo(result.path("accuracy").asDouble());
    assertThat(result.path("loss").asDouble()).isPositive();
    assertThat(result.path("seconds").asDouble()).isPositive();
    assertThat(result.path("samples").asLong()).isBetween(6_000L, 9_000L);
    assertThat(result.path("iterations").asLong()).isPositive();
    assertThat(result.path("bytesSent").asLong()).isPositive();
    assertThat(result.path("preset").asText()).isEqualTo("dlion");
    assertThat(result.path("model").asText()).isEqualTo("logistic");
    assertThat(result.path("seed").asLong()).isEqualTo(5);
    assertThat(result.path("stoppedBy").asText()).isEqualTo("epochs");
    if (Files.isReadable(Path.of("/proc/self/status"))) {
      assertThat(result.path("peakResidentBytes").asLong()).isGreaterThan(64L << 20);
    }
    assertThat(result.path("workers").size()).isEqualTo(2);
    for (JsonNode worker : result.path("workers")) {
      assertThat(worker.path("accuracy").isNumber()).isTrue();
      assertThat(worker.path("samples").asLong()).isPositive();
      assertThat(worker.path("bytesSent").asLong()).isPositive();
    }
    try (Stream<Path> files = Files.walk(latest().toRealPath())) {
      assertThat(files.filter(Files::isRegularFile).map(f -> f.getFileName().toString()))
          .containsExactlyInAnyOrder(
              ".lock",
              "job.yaml",
              "metrics.jsonl",
              "result.json",
              "model.safetensors",
              "preprocessing.json",
              "w1.safetensors",
              "w2.safetensors");
    }
    for (String line : Files.readAllLines(latest().resolve("metrics.jsonl"))) {
      assertThat(new ObjectMapper().readTree(line).path("kind").isTextual()).isTrue();
    }
    theModelIsWhatTheResultSays(result);
    theModelCanBeTakenAway();
    theJobOfARunRunsAgain();
  }

  private void theModelIsWhatTheResultSays(JsonNode result) {
    assertThat(out)
        .contains(
            String.format(
                Locale.ROOT,
                "Reached %.1f %% accuracy on the test set with the saved model (workers: ",
                100 * result.path("finalModel").path("accuracy").asDouble()));
    assertThat(result.path("accuracyOf").asText()).contains("replicas");
    assertThat(result.path("finalModel").path("accuracyOf").asText()).contains("saved model");
    assertThat(dlion("evaluate", latest().toString())).as(err).isZero();
    assertThat(out)
        .contains(Phrase.of("%.4f", result.path("finalModel").path("accuracy").asDouble()));
  }

  private void theModelCanBeTakenAway() throws IOException {
    Path tensors = folder.resolve("m.safetensors");
    Path script = folder.resolve("m.pt");
    assertThat(dlion("export", latest() + "", "--format", "safetensors", "--output", tensors + ""))
        .as(err)
        .isZero();
    assertThat(dlion("export", latest() + "", "--format", "torchscript", "--output", script + ""))
        .as(err)
        .isZero();
    assertThat(tensors).isNotEmptyFile();
    JsonNode trained = train("--data", "generated:blobs", "--model", script + "", "--epochs", "1");
    assertThat(trained.path("accuracy").asDouble()).isGreaterThan(0.4);
    assertThat(dlion("evaluate", latest().toString())).as(err).isZero();
    assertThat(
            dlion(
                "train",
                "--data",
                table() + "",
                "--label",
                "y",
                "--model",
                script + "",
                "--out",
                runs()))
        .isEqualTo(2);
    assertThat(err).startsWith("dlion: ").contains("m.pt");
  }

  private void theJobOfARunRunsAgain() throws IOException {
    String job = latest().toRealPath().resolve("job.yaml").toString();
    assertThat(dlion("train", job, "--epochs", "0.5")).as(err).isZero();
    assertThat(result().path("stoppedBy").asText()).isEqualTo("epochs");
  }

  @Test
  void aRunGoesOnFromItsCheckpoints() throws IOException {
    JsonNode first = train("--epochs", "1");
    String run = latest().toRealPath().toString();
    assertThat(dlion("train", "--resume", run, "--epochs", "2")).as(err).isZero();
    JsonNode second = result();
    assertThat(second.path("samples").asLong()).isBetween(6_000L, 9_000L);
    assertThat(second.path("iterations").asLong()).isGreaterThan(first.path("iterations").asLong());
    assertThat(second.path("bytesSent").asLong()).isGreaterThan(first.path("bytesSent").asLong());
    assertThat(second.path("seconds").asDouble()).isGreaterThan(first.path("seconds").asDouble());

    assertThat(dlion("train", "--resume", run)).as("its goal is reached").isEqualTo(2);
    assertThat(err).contains("has reached its goal");
    assertThat(result()).isEqualTo(second);
    damagedCheckpointsAreRefused(Path.of(run));
  }

  @Test
  void theModelOfARunWithAServerIsTheServersAndTheRunGoesOnFromIt() throws IOException {
    JsonNode first = train("--preset", "bsp", "--server", "w2", "--epochs", "1");
    String run = latest().toRealPath().toString();
    assertThat(first.path("server").asText()).isEqualTo("w2");
    assertThat(first.path("finalModel").path("how").asText())
        .isEqualTo("the server's model, from w2");
    assertThat(first.path("accuracy")).isEqualTo(first.path("finalModel").path("accuracy"));
    assertThat(first.path("accuracyOf").asText()).contains("the server's");
    for (JsonNode worker : first.path("workers")) {
      assertThat(worker.path("accuracy").isNumber()).as("a client's own").isTrue();
    }
    assertThat(dlion("evaluate", run)).as(err).isZero();
    assertThat(out).contains(Phrase.of("%.4f", first.path("accuracy").asDouble()));

    assertThat(dlion("train", "--resume", run, "--epochs", "2")).as(err).isZero();
    JsonNode second = result();
    assertThat(second.path("samples").asLong()).isBetween(6_000L, 9_000L);
    assertThat(second.path("serverVersion").asLong())
        .isGreaterThan(first.path("serverVersion").asLong());
    assertThat(out).contains("w2: serves, from version " + first.path("serverVersion").asLong());
    assertThat(dlion("train", "--resume", run, "--epochs", "3", "--server", "w1")).as(err).isZero();
    assertThat(result().path("server").asText())
        .as("another one may go on with it")
        .isEqualTo("w1");
    Path script = folder.resolve("served.pt");
    assertThat(dlion("export", run, "--format", "torchscript", "--output", script + ""))
        .as(err)
        .isZero();
    assertThat(script).isNotEmptyFile();
  }

  @Test
  void aServerThatDoesNotTrainLeavesItsShareToTheOthers() throws IOException {
    JsonNode result =
        train("--workers", "3", "--preset", "bsp", "--epochs", "1", "--set", "server.trains=false");
    assertThat(result.path("server").asText()).isEqualTo("w1");
    assertThat(result.path("workers").path(0).path("samples").asLong()).isZero();
    for (int k = 1; k < 3; k++) {
      assertThat(result.path("workers").path(k).path("samples").asLong()).isBetween(1400L, 1700L);
    }
  }

  @Test
  void evaluationsOfTheServerEndARunThatBecomesNoBetterOrHasReachedItsTarget() throws IOException {
    assertThat(
            train("--preset", "bsp", "--target-accuracy", "0.3", "--epochs", "50")
                .path("stoppedBy")
                .asText())
        .isEqualTo("target");
    JsonNode patient =
        train(
            "--preset",
            "bsp",
            "--patience",
            "2",
            "--epochs",
            "50",
            "--set",
            "optimizer.learning-rate=0");
    assertThat(patient.path("stoppedBy").asText()).isEqualTo("patience");
    assertThat(dlion("train", "--resume", latest().toRealPath() + "")).isEqualTo(2);
    assertThat(err).contains("has reached its goal");
  }

  private void damagedCheckpointsAreRefused(Path run) throws IOException {
    Path w1 = run.resolve("checkpoints/w1.safetensors");
    Path w2 = run.resolve("checkpoints/w2.safetensors");
    Files.delete(w2); // as after a kill between the first checkpoints of two workers
    assertThat(dlion("train", "--resume", run + "", "--epochs", "3")).as(err).isZero();

    byte[] whole = Files.readAllBytes(w1);
    Files.write(w1, java.util.Arrays.copyOf(whole, whole.length / 2));
    assertThat(dlion("train", "--resume", run + "", "--epochs", "4")).isEqualTo(2);
    assertThat(err).contains(w1.toString()).contains("not a whole safetensors file");

    Files.delete(w1);
    Files.delete(w2);
    assertThat(dlion("train", "--resume", run + "", "--epochs", "4")).isEqualTo(2);
    assertThat(err).contains("no checkpoints");
  }

  @Test
  void aCheckpointOfAnotherModelIsRefused() throws IOException {
    train("--epochs", "0.3");
    Path logistic = latest().toRealPath();
    train("--data", "generated:blobs", "--model", "mlp", "--epochs", "0.3");
    Path mlp = latest().toRealPath();
    Path swapped = logistic.resolve("checkpoints/w2.safetensors");
    Files.delete(swapped);
    Files.copy(mlp.resolve("checkpoints/w2.safetensors"), swapped);
    assertThat(dlion("train", "--resume", logistic + "")).isEqualTo(2);
    assertThat(err).contains(swapped.toString()).contains("another model");
  }

  @Test
  void theFirstGoalReachedEndsTheRun() throws IOException {
    assertThat(train("--target-accuracy", "0.3", "--epochs", "50").path("stoppedBy").asText())
        .isEqualTo("target");
    assertThat(train("--time", "1s", "--epochs", "100000").path("stoppedBy").asText())
        .isEqualTo("time");
  }

  @Test
  void learnsFromTablesAndTexts() throws IOException {
    JsonNode table =
        train(
            "--data",
            table() + "",
            "--label",
            "y",
            "--epochs",
            "60",
            "--preset",
            "baseline", // bulk-synchronous: the same on every machine
            "--set",
            "batching.initial=8");
    assertThat(table.path("model").asText()).isEqualTo("mlp");
    assertThat(table.path("accuracy").asDouble()).as("R²").isGreaterThan(0.9);
    assertThat(latest().resolve("job.yaml"))
        .content()
        .contains("optimizer.learning-rate: 0.01  # baseline: auto");
    Path text = folder.resolve("text.txt");
    Files.writeString(text, "the quick brown fox jumps over the lazy dog. ".repeat(100));
    JsonNode learned = train("--data", text + "", "--sequence-length", "16", "--epochs", "0.2");
    assertThat(learned.path("model").asText()).isEqualTo("char-lstm");
    assertThat(latest().resolve("job.yaml"))
        .content()
        .contains("optimizer.learning-rate: 0.015  # dlion: auto");
  }

  @Test
  void timeSeriesAreLearnedAndOtherFilesAreReadInTheSameWindows() throws IOException {
    Path table = series("series.csv", 600);
    JsonNode learned =
        train("--data", table + "", "--window", "6", "--epochs", "12", "--preset", "baseline");
    assertThat(learned.path("model").asText()).isEqualTo("lstm");
    assertThat(learned.path("accuracy").asDouble()).isGreaterThan(0.9);
    assertThat(latest().resolve("job.yaml"))
        .content()
        .contains("\nwindow: 6\n", "optimizer.kind: adamw  # baseline: auto");
    Path other = series("other.csv", 65);
    assertThat(dlion("evaluate", latest() + "", "--data", other + "")).as(err).isZero();
    assertThat(out).contains("10 examples", "windows of 6 rows", "5 rows at the end");
    Path script = folder.resolve("series.pt");
    assertThat(dlion("export", latest() + "", "--format", "torchscript", "--output", script + ""))
        .as(err)
        .isZero();
    for (String model : List.of("svm", "mlp", "logistic", script + "")) {
      JsonNode result =
          train("--data", table + "", "--window", "6", "--epochs", "1", "--model", model);
      assertThat(result.path("accuracy").asDouble()).as(model).isPositive();
      assertThat(dlion("evaluate", latest() + "")).as(err).isZero();
    }
  }

  /** Rises or falls, six rows each: from where, differs. */
  private Path series(String name, int rows) throws IOException {
    StringBuilder text = new StringBuilder("x,state\n");
    for (int row = 0; row < rows; row++) {
      int window = row / 6;
      boolean rises = window * 7 % 5 < 2;
      double from = window * 13 % 11 / 11.0;
      double x = from + (rises ? 0.2 : -0.2) * (row % 6);
      text.append(x).append(',').append(rises ? "rises" : "falls").append('\n');
    }
    return Files.writeString(folder.resolve(name), text);
  }

  @Test
  void dividesByLabelAndDropsResiduals() throws IOException {
    JsonNode result =
        train(
            "--partition",
            "by-label",
            "--set",
            "exchange.residual=drop",
            "--epochs",
            "0.5",
            "--link-mbit",
            "5",
            "--slow",
            "w2=2");
    assertThat(result.path("stoppedBy").asText()).isEqualTo("epochs");
  }

  @Test
  void aModelThatDivergesIsSaidToAndNoneIsKept() {
    assertThat(
            dlion(
                "train",
                "--data",
                "generated:blobs",
                "--model",
                "mlp",
                "--epochs",
                "3",
                "--workers",
                "2",
                "--set",
                "optimizer.learning-rate=1e10",
                "--out",
                runs()))
        .isEqualTo(1);
    assertThat(err).contains("training diverged").contains("optimizer.learning-rate");
    assertThat(latest().resolve("model.safetensors")).doesNotExist();
    assertThat(latest().resolve("result.json")).exists();
  }

  private Path table() throws IOException {
    StringBuilder text = new StringBuilder("a,b,y\n");
    for (int i = 0; i < 300; i++) {
      double a = (i * 37 % 101) / 101.0;
      double b = (i * 53 % 97) / 97.0;
      text.append(a).append(',').append(b).append(',').append(2 * a - b).append('\n');
    }
    return Files.writeString(folder.resolve("table.csv"), text);
  }
}
