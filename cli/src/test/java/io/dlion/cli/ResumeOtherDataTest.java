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
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A run goes on with the meaning that its inputs and outputs had from the beginning. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ResumeOtherDataTest {
  private static final List<String> COLUMNS = List.of("a", "b", "c", "colour", "label");
  private static final List<String> ANIMALS = List.of("cat", "dog", "owl");

  @TempDir Path folder;

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

  /** Animals that their numbers tell apart. */
  private static String table(List<Integer> order, List<String> animals) {
    SplittableRandom random = new SplittableRandom(3);
    List<List<String>> rows = new ArrayList<>(List.of(COLUMNS));
    for (int i = 0; i < 300; i++) {
      int animal = i % 3;
      rows.add(
          List.of(
              Double.toString(40 * animal + random.nextDouble()),
              Double.toString(random.nextDouble()),
              Double.toString(-animal + random.nextDouble()),
              random.nextBoolean() ? "red" : "blue",
              animals.get(animal)));
    }
    StringBuilder text = new StringBuilder();
    for (List<String> row : rows) {
      text.append(String.join(",", order.stream().map(row::get).toList())).append('\n');
    }
    return text.toString();
  }

  private static String animals() {
    return table(List.of(0, 1, 2, 3, 4), ANIMALS);
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private Path trained(Path data) throws IOException {
    int code =
        dlion(
            "train",
            "--data",
            data + "",
            "--model",
            "logistic",
            "--workers",
            "2",
            "--threads",
            "1",
            "--epochs",
            "4",
            "--out",
            folder.resolve("runs") + "");
    assertThat(code).as(err).isZero();
    return folder.resolve("runs/latest").toRealPath();
  }

  private double accuracy(Path run) throws IOException {
    return new ObjectMapper()
        .readTree(run.resolve("result.json").toFile())
        .path("finalModel")
        .path("accuracy")
        .asDouble();
  }

  /** Every file with its content and the time of its last change. */
  private static Map<String, String> files(Path run) throws IOException {
    Map<String, String> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(run)) {
      for (Path file :
          all.filter(Files::isRegularFile).filter(f -> !f.endsWith(".lock")).toList()) {
        FileTime changed = Files.getLastModifiedTime(file);
        files.put(
            run.relativize(file).toString(),
            changed + " " + new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
      }
    }
    return files;
  }

  private void refused(Path run, List<String> parts, String... arguments) throws IOException {
    Map<String, String> before = files(run);
    assertThat(dlion(arguments)).as(err).isEqualTo(2);
    assertThat(err).contains(parts).contains(run.toString()).doesNotContain("\tat ");
    assertThat(files(run)).as("nothing is written").isEqualTo(before);
  }

  @Test
  void classesThatTheRunDoesNotKnowAreRefusedBeforeAnythingIsWritten() throws IOException {
    Path run = trained(write("cls.csv", animals()));
    Path zebra = write("zebra.csv", table(List.of(0, 1, 2, 3, 4), List.of("zebra", "dog", "owl")));
    List<String> said = List.of("zebra.csv:2:", "one of cat, dog, owl", "'zebra'", "new run");
    refused(run, said, "train", "--resume", run + "", "--epochs", "8", "--data", zebra + "");
    refused(
        run,
        said,
        "worker",
        "--resume",
        run + "",
        "--epochs",
        "8",
        "--data",
        zebra + "",
        "--name",
        "w1",
        "--insecure",
        "--bind",
        "127.0.0.1:7999",
        "--seeds",
        "127.0.0.1:7999");
  }

  @Test
  void whatWasPutAmongTheDataMeanwhileIsRefusedToo() throws IOException {
    Path data = write("cls.csv", animals());
    Path run = trained(data);
    String[] on = {"train", "--resume", run + "", "--epochs", "8"};
    Files.writeString(data, animals() + "1,2,3,red,zebra\n");
    refused(run, List.of("cls.csv:302:", "'zebra'"), on);
    Files.writeString(data, animals() + "1,2,3,violet,cat\n");
    refused(run, List.of("cls.csv:302:", "column 'colour'", "'violet'"), on);
    Files.writeString(data, animals().replace("b,c,colour", "b,d,colour"));
    refused(run, List.of("cls.csv", "expected a column 'c'"), on);
    Files.writeString(data, "only a text, which is no table\n".repeat(9));
    refused(run, List.of("cls.csv"), on);
  }

  @Test
  void columnsInAnotherOrderAndFewerClassesAreMappedByName() throws IOException {
    Path data = write("cls.csv", animals());
    Path run = trained(data);
    double before = accuracy(run);
    assertThat(before).isGreaterThan(0.9);
    String encoding = Files.readString(run.resolve("preprocessing.json"));
    Files.writeString(data, table(List.of(4, 2, 3, 0, 1), ANIMALS));
    assertThat(dlion("train", "--resume", run + "", "--epochs", "5")).as(err).isZero();
    assertThat(accuracy(run)).isGreaterThanOrEqualTo(before - 0.05);
    assertThat(dlion("evaluate", run + "")).as(err).isZero();

    // Without cats, dogs would be class 0 and owls class 1 if the classes were counted anew.
    Path others = write("others.csv", without("cat"));
    assertThat(dlion("train", "--resume", run + "", "--epochs", "9", "--data", others + ""))
        .as(err)
        .isZero();
    assertThat(accuracy(run)).isGreaterThan(0.9);
    assertThat(run.resolve("preprocessing.json")).content().isEqualTo(encoding);
  }

  private JsonNode result(Path run) throws IOException {
    return new ObjectMapper().readTree(run.resolve("result.json").toFile());
  }

  /** The rows of a table whose labels are not this. */
  private static String without(String animal) {
    return animals().lines().filter(l -> !l.endsWith(animal)).reduce("", (a, b) -> a + b + "\n");
  }

  @Test
  void goalsCountFromNowOnWhereDataIsGivenAnew() throws IOException {
    Path run = trained(write("cls.csv", animals()));
    long before = result(run).path("samples").asLong();
    assertThat(before).isGreaterThan(1_000);
    Path fewer = write("fewer.csv", without("cat"));
    String[] on = {"train", "--resume", run + "", "--data", fewer + "", "--epochs", "2"};
    assertThat(dlion(on)).as(err).isZero();
    assertThat(out.lines().limit(6))
        .contains(
            Phrase.of("goes on from %,d samples with new data: 2 epochs of 180 examples", before));
    assertThat(out).contains("dlion train --data NEW --resume " + run + "   learns on");
    assertThat(result(run).path("samples").asLong()).isBetween(360L, 600L);
    assertThat(result(run).path("samplesBefore").asLong()).isEqualTo(before);
    assertThat(run.resolve("job.yaml"))
        .content()
        .contains("data: " + fewer, "epochs: 2\n", "go on with: dlion train --resume " + run);

    // Without data the goals are those of the data it has.
    assertThat(dlion("train", "--resume", run + "")).isEqualTo(2);
    assertThat(err).contains("has reached its goal");
    assertThat(dlion("train", "--resume", run + "", "--epochs", "4")).as(err).isZero();
    assertThat(out).doesNotContain("goes on from");
    assertThat(result(run).path("samples").asLong()).isBetween(720L, 1_100L);
    assertThat(result(run).path("samplesBefore").asLong()).isEqualTo(before);

    long since = before + result(run).path("samples").asLong();
    assertThat(dlion("train", "--resume", run + "", "--data", fewer + "", "--time", "1s"))
        .as(err)
        .isZero();
    assertThat(out)
        .contains(Phrase.of("from %,d samples with new data: 180 examples, at most 1s", since));
  }

  @Test
  void newDataNeedsOnlyTheModelAndAWorseOneIsNotKept() throws IOException {
    Path run = trained(write("cls.csv", animals()));
    try (Stream<Path> checkpoints = Files.list(run.resolve("checkpoints"))) {
      for (Path checkpoint : checkpoints.toList()) {
        Files.delete(checkpoint);
      }
    }
    Path more = write("more.csv", animals());
    String[] on = {
      "train",
      "--resume",
      run + "",
      "--data",
      more + "",
      "--epochs",
      "1",
      "--set",
      "optimizer.learning-rate=1e-9"
    };
    assertThat(dlion(on)).as(err).isZero();
    assertThat(accuracy(run)).as("begins with the run's model").isGreaterThan(0.9);
    Files.delete(run.resolve("model.safetensors"));
    assertThat(dlion(on)).as("from a checkpoint: " + err).isZero();
    assertThat(accuracy(run)).isGreaterThan(0.9);
    Files.delete(run.resolve("model.safetensors"));
    Files.delete(run.resolve("checkpoints/w1.safetensors"));
    Files.delete(run.resolve("checkpoints/w2.safetensors"));
    refused(run, List.of("there is nothing to go on from"), on);
  }

  @Test
  void theVocabularyOfATextStaysThatOfTheRun() throws IOException {
    Path text = write("input.txt", "the quick brown fox jumps over the lazy dog. ".repeat(60));
    assertThat(
            dlion(
                "train",
                "--data",
                text + "",
                "--sequence-length",
                "16",
                "--workers",
                "1",
                "--threads",
                "1",
                "--epochs",
                "0.2",
                "--out",
                folder.resolve("runs") + ""))
        .as(err)
        .isZero();
    Path run = folder.resolve("runs/latest").toRealPath();
    Files.writeString(text, "the quick brown fox jumps over the lazy dog! ".repeat(60));
    refused(run, List.of("input.txt:1:", "'!'"), "train", "--resume", run + "", "--epochs", "1");
    Files.writeString(text, "the lazy dog jumps over the quick fox. ".repeat(60));
    assertThat(dlion("train", "--resume", run + "", "--epochs", "0.4")).as(err).isZero();
  }

  @Test
  void whatGivesDataItsMeaningCannotBeChangedByAFlag() throws IOException {
    Path run = trained(write("cls.csv", animals()));
    for (String flag :
        List.of("--label=a", "--task=regression", "--window=2", "--sequence-length=4")) {
      Map<String, String> before = files(run);
      assertThat(dlion("train", "--resume", run + "", "--epochs", "8", flag)).isEqualTo(2);
      assertThat(err).contains("a resumed run keeps its own");
      assertThat(files(run)).isEqualTo(before);
    }
  }
}
