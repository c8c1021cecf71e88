package io.dlion.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.dlion.cli.console.Console;
import io.dlion.cli.job.Job;
import io.dlion.cli.job.JobFile;
import io.dlion.cli.job.KnownNames;
import io.dlion.cli.job.Resolver;
import io.dlion.cli.model.EvaluateRun;
import io.dlion.cli.run.TrainRun;
import io.dlion.core.Phrase;
import io.dlion.core.Shell;
import io.dlion.core.UserError;
import io.dlion.data.DataOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trains a small model on a table for one epoch, then judges it. */
class EvaluateRunTest {
  private static final long SEED = 20_260;
  private static final KnownNames NAMES =
      new KnownNames(List.of("logistic", "mlp"), List.of("blobs"));

  @TempDir Path folder;

  /** Rows whose label depends on their numbers, which lie around {@code shift}. */
  private String table(int rows, double shift, boolean regression) {
    SplittableRandom random = new SplittableRandom(SEED);
    StringBuilder text = new StringBuilder("a,b,y\n");
    for (int i = 0; i < rows; i++) {
      double a = random.nextDouble();
      double b = random.nextDouble();
      String label = regression ? Double.toString(100 * a + b) : a > b ? "more" : "less";
      text.append(a + shift).append(',').append(b + shift).append(',').append(label).append('\n');
    }
    return text.toString();
  }

  @Test
  void aRunWithoutDataIsJudgedOnWhatIsGiven() throws IOException, InterruptedException {
    Files.writeString(folder.resolve("data.csv"), table(200, 0, false));
    Path run = train("data.csv");
    Path job = run.resolve("job.yaml");
    String stream = "data: none\nstream: " + folder + "\n";
    String text = Files.readString(job).replaceFirst("(?m)^epochs:.*\n", "");
    Files.writeString(job, text.replaceFirst("(?m)^data: .*\n", stream));
    assertThatThrownBy(() -> evaluate(run, Optional.empty()))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("learned from a stream alone")
        .hasMessageContaining("--data FILE");
    Files.writeString(folder.resolve("other.csv"), table(50, 0, false));
    assertThat(evaluate(run, Optional.of(folder.resolve("other.csv").toString())))
        .contains("accuracy");
  }

  private Path train(String data) throws IOException, InterruptedException {
    Path file =
        Files.writeString(
            folder.resolve("job.yaml"),
            Phrase.of(
                "data: %s\nmodel: mlp\nworkers: 1\nepochs: 1\nout: %s\nname: n\n",
                folder.resolve(data), folder.resolve("runs")));
    Job job = Resolver.resolve(JobFile.read(file), NAMES);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int code = new TrainRun().run(job, Optional.empty(), Console.plain(out, out));
    assertThat(code).as(out.toString(StandardCharsets.UTF_8)).isZero();
    return folder.resolve("runs/latest").toRealPath();
  }

  private String evaluate(Path run, Optional<String> data) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    DataOptions reading = DataOptions.defaults();
    assertThat(new EvaluateRun(NAMES).run(run, data, reading, Console.plain(out, out))).isZero();
    return out.toString(StandardCharsets.UTF_8);
  }

  private static String measures(Path run, String name) throws IOException {
    JsonNode model =
        new JsonMapper().readTree(run.resolve("result.json").toFile()).path("finalModel");
    return String.format(
        Locale.ROOT,
        "%s %.4f   loss %.4f   on ",
        name,
        model.path("accuracy").asDouble(),
        model.path("loss").asDouble());
  }

  @Test
  void otherDataIsJudgedAsTheRunsOwnTestSetWas() throws IOException, InterruptedException {
    Files.createDirectories(folder.resolve("a"));
    Files.createDirectories(folder.resolve("b"));
    Files.writeString(folder.resolve("a/train.csv"), table(600, 5, false));
    Files.writeString(folder.resolve("a/test.csv"), table(60, 5.3, false));
    Files.copy(folder.resolve("a/test.csv"), folder.resolve("b/test.csv"));
    Path run = train("a");
    String own = evaluate(run, Optional.empty());
    assertThat(own)
        .startsWith(measures(run, "accuracy") + "60 test examples of a (")
        .containsPattern("less +\\d+ +[01]\\.\\d{4}\n");
    Files.delete(folder.resolve("a/train.csv"));
    Files.delete(folder.resolve("a/test.csv"));
    Files.delete(folder.resolve("a"));
    String other = evaluate(run, Optional.of(folder.resolve("b").toString()));
    assertThat(other).startsWith(measures(run, "accuracy") + "60 examples, the test split of b (");
    assertThat(other.lines().skip(1)).containsExactlyElementsOf(own.lines().skip(1).toList());
  }

  @Test
  void theNewestCheckpointIsJudgedWhileARunHasNotEnded() throws IOException, InterruptedException {
    Files.createDirectories(folder.resolve("a"));
    Files.writeString(folder.resolve("a/train.csv"), table(600, 5, false));
    Path run = train("a");
    Files.delete(run.resolve("model.safetensors")); // as before the end, or after a crash
    Path older = run.resolve("checkpoints/w0.safetensors");
    Files.writeString(older, "not read");
    Files.setLastModifiedTime(older, FileTime.fromMillis(0));
    List<String> lines = evaluate(run, Optional.empty()).lines().toList();
    assertThat(lines.get(0))
        .matches(
            "the run has not ended: this is the checkpoint of w1, iteration [1-9]\\d*, \\d+ s ago");
    assertThat(lines.get(1)).startsWith(measures(run, "accuracy"));
    Files.delete(run.resolve("checkpoints/w1.safetensors"));
    Files.delete(older);
    assertThatThrownBy(() -> evaluate(run, Optional.empty()))
        .isInstanceOf(UserError.class)
        .hasMessage(
            run
                + ": has neither model.safetensors nor a checkpoint that can be used: the run has not ended; "
                + Shell.dlion("train", "--resume", run)
                + " goes on with it");
  }

  @Test
  void changedTrainingDataIsNotTakenForTheRunsOwn() throws IOException, InterruptedException {
    Files.writeString(folder.resolve("a.csv"), table(300, 0, false));
    Path run = train("a.csv");
    assertThat(evaluate(run, Optional.empty()))
        .startsWith(measures(run, "accuracy") + "30 test examples of a.csv (");
    Files.writeString(folder.resolve("a.csv"), table(300, 1, false));
    assertThatThrownBy(() -> evaluate(run, Optional.empty()))
        .isInstanceOf(UserError.class)
        .hasMessageContainingAll("a.csv", run.toString(), "other data", "--data");
    assertThat(evaluate(run, Optional.of(folder.resolve("a.csv").toString())))
        .contains("on 300 examples, all of a.csv (");
  }

  @Test
  void aRegressionTellsItsErrorInTheUnitOfTheTargets() throws IOException, InterruptedException {
    Files.writeString(folder.resolve("a.csv"), table(300, 0, true));
    Path run = train("a.csv");
    assertThat(evaluate(run, Optional.empty()))
        .startsWith(measures(run, "R²") + "30 test examples")
        .containsPattern("RMSE \\d+\\.?\\d* in the unit of the targets\n");
  }

  @Test
  void aRunKeepsWhatWasRecognisedAboutItsData() throws IOException, InterruptedException {
    Files.writeString(folder.resolve("a.csv"), table(300, 0, false));
    JsonNode data = new JsonMapper().readTree(train("a.csv").resolve("result.json").toFile());
    assertThat(data.at("/data/kind").asText()).isEqualTo("table");
    assertThat(data.at("/data/label").asText()).isEqualTo("y");
    assertThat(data.at("/data/delimiter").asText()).isEqualTo("comma");
    assertThat(data.at("/data/columns/0/name").asText()).isEqualTo("a");
    assertThat(data.at("/data/classes/0/train").asInt()).isPositive();
    assertThat(data.at("/data/fingerprint").asText()).startsWith("270+30-");
  }
}
