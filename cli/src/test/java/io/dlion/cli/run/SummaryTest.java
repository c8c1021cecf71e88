package io.dlion.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlion.cli.console.Console;
import io.dlion.cli.job.Draft;
import io.dlion.cli.job.Job;
import io.dlion.cli.job.JobKey;
import io.dlion.cli.job.KnownNames;
import io.dlion.cli.job.Resolver;
import io.dlion.core.learn.Evaluation;
import io.dlion.core.learn.ExampleShape.Kind;
import io.dlion.monitor.run.RunFolder;
import io.dlion.monitor.run.RunResult;
import io.dlion.monitor.run.WorkerResult;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SummaryTest {
  @TempDir private Path folder;
  private long iterations = 4;
  private String reason = "epochs";
  private boolean served;
  private Map<String, Object> streamed = Map.of();
  private Optional<Evaluation> saved = Optional.of(new Evaluation(200, 0.7, 0.75));

  private String said(Kind kind, List<String> command, String... workers) throws IOException {
    return said(Draft.empty(), kind, command, workers);
  }

  private String said(Draft draft, Kind kind, List<String> command, String... workers)
      throws IOException {
    Job job = Resolver.resolve(draft, new KnownNames(List.of("cnn"), List.of("shapes")));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    RunFolder run = RunFolder.create(folder, "run", Instant.EPOCH, warning -> {});
    new Summary(new Console(stream, stream, false, false), run, job, kind, command)
        .print(
            result(iterations, workers),
            saved,
            new RunEnding(reason, true),
            List.of(),
            Optional.empty(),
            Optional.empty());
    return bytes.toString(StandardCharsets.UTF_8);
  }

  @Test
  void whatWasStoppedGoesOnWithWhatIsPrinted() throws IOException {
    reason = "request";
    assertThat(said(Kind.CLASSIFICATION, List.of("worker", "--site", "Köln Süd"), "w1"))
        .contains("go on with   dlion worker --site 'Köln Süd' --resume " + folder);
  }

  private RunResult result(long iterations, String... workers) {
    List<WorkerResult> each =
        Stream.of(workers)
            .map(w -> new WorkerResult(w, 0.5, 1, 2, 3, 4, 5, 6, 7, 0.1, 0, Map.of()))
            .toList();
    return new RunResult(
        0.5,
        0.25,
        1,
        60,
        3,
        iterations,
        5,
        "dlion",
        "cnn",
        1,
        "epochs",
        6,
        each,
        served ? Map.of("server", "w1", "serverVersion", 120) : streamed);
  }

  @Test
  void aWorkerThatOnlyServedIsNotSaidToHaveStoppedBeforeItBegan() throws IOException {
    iterations = 0;
    served = true;
    assertThat(said(Kind.CLASSIFICATION, List.of("worker", "--name", "w1"), "w1"))
        .contains("Reached 75.0 % accuracy on the test set with the saved model in 60.0 s");
    saved = Optional.empty();
    assertThat(said(Kind.CLASSIFICATION, List.of("worker", "--name", "w1"), "w1"))
        .contains("Served in 60.0 s: all epochs are done");
  }

  @Test
  void aStreamWithoutRecordsHasNoAccuracy() throws IOException {
    streamed =
        Map.of(
            "recordsLearned",
            0,
            "prequentialAccuracy",
            Double.NaN,
            "prequentialWindow",
            Double.NaN);
    assertThat(said(Kind.CLASSIFICATION, List.of("train"), "w1"))
        .contains("stream       0 records learned\n")
        .doesNotContain("NaN");
  }

  @Test
  void aStreamThatEndedByTimeGoesOnWithMoreOfIt() throws IOException {
    Draft stream = Draft.ofFlags(Map.of(JobKey.STREAM, List.of(folder.toString())));
    reason = "time";
    assertThat(said(stream, Kind.CLASSIFICATION, List.of("train"), "w1"))
        .containsPattern("go on with   dlion train --resume \\S+ --time LONGER\n");
    reason = "target";
    assertThat(said(stream, Kind.CLASSIFICATION, List.of("train"), "w1"))
        .doesNotContain("go on with");
  }

  @Test
  void afterTheFirstLookSuggestsAnother() throws IOException {
    assertThat(said(Kind.CLASSIFICATION, List.of("train"), "w1", "w2"))
        .contains(
            "Reached 75.0 % accuracy on the test set with the saved model"
                + " (workers: 50.0 % on average, 25.0 % at worst) in 60.0 s")
        .contains("\nnext         dlion evaluate ", "\n             dlion export ")
        .contains("dlion train --link-mbit 20 --slow w3=4         thin links")
        .contains("dlion train --link-mbit 20 --preset baseline   the same")
        .contains("dlion train --data DIR                         your own data");
  }

  @Test
  void aWorkerSpeaksOfItselfAndIsNotToldHowToTrain() throws IOException {
    assertThat(said(Kind.CLASSIFICATION, List.of("worker", "--name", "w1"), "w1"))
        .contains("Reached 75.0 % accuracy on the test set with the saved model in 60.0 s")
        .contains("dlion evaluate")
        .doesNotContain("dlion train", "at worst");
  }

  @Test
  void aRegressionHasNoAccuracyInPercent() throws IOException {
    assertThat(said(Kind.REGRESSION, List.of("train"), "w1", "w2"))
        .contains(
            "Reached R² 0.750 on the test set with the saved model"
                + " (workers: 0.500 on average, 0.250 at worst) in 60.0 s");
  }

  @Test
  void whereTheSavedModelWasNotMeasuredTheWorkersCount() throws IOException {
    saved = Optional.empty();
    assertThat(said(Kind.CLASSIFICATION, List.of("train"), "w1", "w2"))
        .contains(
            "Reached 50.0 % accuracy in the last evaluations of 2 workers (25.0 % at worst) in");
    assertThat(said(Kind.CLASSIFICATION, List.of("worker", "--name", "w1"), "w1"))
        .contains("Reached 50.0 % accuracy in the last evaluation in 60.0 s");
  }

  @Test
  void aRunThatDidNothingReachedNothing() throws IOException {
    iterations = 0;
    assertThat(said(Kind.CLASSIFICATION, List.of("train"), "w1"))
        .contains("Stopped before the first iteration in 60.0 s: all epochs are done")
        .doesNotContain("Reached");
  }
}
