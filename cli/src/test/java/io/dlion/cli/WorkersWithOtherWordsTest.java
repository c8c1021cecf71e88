package io.dlion.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dlion.cli.console.Console;
import io.dlion.cluster.line.FreePort;
import io.dlion.data.preprocessing.Preprocessing;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Workers whose data has other words, classes and columns, over TCP in one process. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WorkersWithOtherWordsTest {
  @TempDir Path folder;

  /** What a command has said, and its exit code. */
  private record Ran(int code, String out, String err) {}

  private static Ran dlion(List<String> arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Console console = Console.plain(out, err);
    int code = Main.run(arguments.toArray(new String[0]), console, Main.commands(console));
    return new Ran(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  private static CompletableFuture<Ran> begin(List<String> arguments) {
    CompletableFuture<Ran> ran = new CompletableFuture<>();
    Thread.ofPlatform()
        .daemon()
        .start(() -> {
          try {
            ran.complete(dlion(arguments));
          } catch (RuntimeException | Error e) {
            ran.completeExceptionally(e);
          }
        });
    return ran;
  }

  /** Green things are bought, all others are not; {@code x} says nothing. */
  private Path site(String name, List<String> colours, String header, String otherClass)
      throws IOException {
    SplittableRandom random = new SplittableRandom(name.hashCode());
    StringBuilder text = new StringBuilder(header + "\n");
    for (int i = 0; i < 200; i++) {
      String colour = colours.get(random.nextInt(colours.size()));
      String row =
          header
              .replace("colour", colour)
              .replace("label", colour.equals("green") ? "buy" : otherClass)
              .replace("x", Double.toString(random.nextDouble()));
      text.append(row).append('\n');
    }
    return Files.writeString(folder.resolve(name + ".csv"), text);
  }

  private List<String> worker(String name, String bind, String seed, Path data, String... more) {
    List<String> arguments = resumed(name, bind, seed);
    arguments.addAll(
        List.of(
            "--data",
            data + "",
            "--model",
            "logistic",
            "--min-workers",
            "2",
            "--epochs",
            "12",
            "--set",
            "optimizer.learning-rate=0.1",
            "--out",
            folder.resolve(name) + ""));
    arguments.addAll(List.of(more));
    return arguments;
  }

  private static List<String> resumed(String name, String bind, String seed, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "worker",
                "--name",
                name,
                "--bind",
                bind,
                "--seeds",
                seed,
                "--insecure",
                "--threads",
                "1"));
    arguments.addAll(List.of(more));
    return arguments;
  }

  private Path run(String name) throws IOException {
    return folder.resolve(name).resolve("latest").toRealPath();
  }

  private static double accuracy(Path run) throws IOException {
    JsonNode result = new ObjectMapper().readTree(run.resolve("result.json").toFile());
    return result.path("finalModel").path("accuracy").asDouble();
  }

  @Test
  void wordsAndClassesOfAllAreOneModelsWhateverTheOrderOfColumns() throws Exception {
    Path a = site("a", List.of("green", "blue"), "colour,x,label", "no");
    Path b = site("b", List.of("green", "red"), "label,x,colour", "never");
    String first = "127.0.0.1:" + FreePort.next();
    String second = "127.0.0.1:" + FreePort.next();
    CompletableFuture<Ran> w1 = begin(worker("w1", first, first, a));
    CompletableFuture<Ran> w2 = begin(worker("w2", second, first, b));
    assertTrained(w1);
    assertTrained(w2);
    assertThat(w1.get().out()).contains("from other workers: ", "'red'", "'never'");
    assertThat(w2.get().out()).contains("from other workers: ", "'blue'", "'no'");
    String encoding = Files.readString(run("w1").resolve("preprocessing.json"));
    assertThat(run("w2").resolve("preprocessing.json")).content().isEqualTo(encoding);
    assertThat(Preprocessing.parse(encoding, "run").classNames())
        .containsExactly("buy", "never", "no");
    assertThat(accuracy(run("w1"))).as("the model of both at a").isGreaterThan(0.95);
    assertThat(accuracy(run("w2"))).as("the model of both at b").isGreaterThan(0.95);
    // Each model knows the words of the other place.
    Ran judged = dlion(List.of("evaluate", run("w1") + "", "--data", b + ""));
    assertThat(judged.code()).as(judged.err()).isZero();
    assertThat(judged.out()).containsPattern("accuracy (1\\.0|0\\.9)");
    aWorkerAloneGoesOnWithTheWordsOfAll(first, encoding);
  }

  private void aWorkerAloneGoesOnWithTheWordsOfAll(String address, String encoding)
      throws IOException {
    Path run = run("w1");
    Ran ran =
        dlion(
            resumed(
                "w1",
                address,
                address,
                "--resume",
                run + "",
                "--min-workers",
                "1",
                "--epochs",
                "40"));
    assertThat(ran.code()).as(ran.out() + ran.err()).isZero();
    assertThat(run.resolve("preprocessing.json")).content().isEqualTo(encoding);
    assertThat(accuracy(run)).isGreaterThan(0.95);
    Ran evaluated = dlion(List.of("evaluate", run + ""));
    assertThat(evaluated.code()).as(evaluated.err()).isZero();
  }

  private static void assertTrained(CompletableFuture<Ran> worker)
      throws ExecutionException, InterruptedException {
    Ran ran = worker.get();
    assertThat(ran.code()).as(ran.out() + ran.err()).isZero();
  }

  @Test
  void placesWithOneClassEachTrainTogether() throws Exception {
    Path a = site("a", List.of("green"), "colour,x,label", "-");
    Path b = site("b", List.of("red", "blue"), "colour,x,label", "no");
    Ran alone = dlion(List.of("train", "--data", a + "", "--out", folder.resolve("alone") + ""));
    assertThat(alone.code()).isEqualTo(2);
    assertThat(alone.err())
        .contains("a.csv: expected at least two classes in the label column 'label'")
        .contains("found only 'buy'");
    String first = "127.0.0.1:" + FreePort.next();
    CompletableFuture<Ran> w1 = begin(worker("w1", first, first, a));
    CompletableFuture<Ran> w2 = begin(worker("w2", "127.0.0.1:" + FreePort.next(), first, b));
    assertTrained(w1);
    assertTrained(w2);
    assertThat(accuracy(run("w1"))).isGreaterThan(0.95);
    assertThat(accuracy(run("w2"))).isGreaterThan(0.95);
  }

  @Test
  void workersThatTogetherHaveOneClassAreTold() throws Exception {
    Path a = site("a", List.of("green"), "colour,x,label", "-");
    String first = "127.0.0.1:" + FreePort.next();
    CompletableFuture<Ran> w1 = begin(worker("w1", first, first, a));
    CompletableFuture<Ran> w2 = begin(worker("w2", "127.0.0.1:" + FreePort.next(), first, a));
    for (CompletableFuture<Ran> worker : List.of(w1, w2)) {
      assertThat(worker.get().code()).as(worker.get().out()).isEqualTo(2);
      assertThat(worker.get().err()).contains("the data of all workers: expected at least two");
    }
  }

  @Test
  void otherColumnsAreRefusedWithTheDifferenceAndThoseWhoFitGoOn() throws Exception {
    Path a = site("a", List.of("green", "blue"), "colour,x,label", "no");
    Path other = site("other", List.of("green", "blue"), "colour,x,other,label", "no");
    String first = "127.0.0.1:" + FreePort.next();
    CompletableFuture<Ran> w1 = begin(worker("w1", first, first, a));
    // Whether w1 or w2 is there first is open: only the later one is refused for good.
    String second = "127.0.0.1:" + FreePort.next();
    CompletableFuture<Ran> w2 = begin(worker("w2", second, first, other));
    CompletableFuture<Object> either = CompletableFuture.anyOf(w1, w2);
    Ran refused = (Ran) either.get();
    assertThat(refused.code()).as(refused.out()).isEqualTo(2);
    boolean w2IsLeft = w1.isDone();
    assertThat(refused.err())
        .contains("cannot train with", "column 'other' is")
        .contains(w2IsLeft ? "words there and missing here" : "missing there and words here");
    assertThat(folder.resolve(w2IsLeft ? "w1" : "w2")).doesNotExist();
    CompletableFuture<Ran> w3 =
        begin(
            worker(
                "w3",
                "127.0.0.1:" + FreePort.next(),
                w2IsLeft ? second : first,
                w2IsLeft ? other : a));
    assertTrained(w3);
    assertTrained(w2IsLeft ? w2 : w1);
  }
}
