package io.dlion.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlion.cli.console.Console;
import io.dlion.cluster.line.FreePort;
import io.dlion.core.Phrase;
import io.dlion.data.preprocessing.Preprocessing;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two sites that know only some of the classes, or measure otherwise, over TCP in one process. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SitesWithSomeClassesTest {
  private static final int SIDE = 8;

  /** Pixels of a bar. */
  private static final int ROW = 2 * SIDE;

  private static final int SECONDS_MAX = 120;

  @TempDir private Path folder;

  /** A command in a thread of its own, and what it says meanwhile. */
  private static final class Command {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final CompletableFuture<Integer> code = new CompletableFuture<>();

    static Command begin(List<String> arguments) {
      Command command = new Command();
      Console console = Console.plain(command.out, command.err);
      Thread.ofPlatform()
          .daemon()
          .start(() -> {
            try {
              command.code.complete(
                  Main.run(arguments.toArray(new String[0]), console, Main.commands(console)));
            } catch (RuntimeException | Error e) {
              command.code.completeExceptionally(e);
            }
          });
      return command;
    }

    String said() {
      return out.toString(StandardCharsets.UTF_8) + err.toString(StandardCharsets.UTF_8);
    }

    /** Ends with this code; answers what it has said. */
    String ends(int expected) throws Exception {
      int ended = code.get(SECONDS_MAX, TimeUnit.SECONDS);
      assertThat(ended).as(said()).isEqualTo(expected);
      return said();
    }

    void awaitSaid(String text) throws Exception {
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS_MAX);
      while (!said().contains(text)) {
        assertThat(code.isDone() || System.nanoTime() > deadline).as(said()).isFalse();
        code.copy().completeOnTimeout(0, 20, TimeUnit.MILLISECONDS).get();
      }
    }
  }

  private static String dlion(int expected, String... arguments) throws Exception {
    return Command.begin(List.of(arguments)).ends(expected);
  }

  /** Begins a worker that ends by itself. */
  private Command worker(String site, String bind, String seed, String... more) {
    return Command.begin(arguments(site, bind, seed, more));
  }

  /** Begins a worker that trains without an end, or waits, as a process of its own. */
  private DlionProcess endless(String site, String bind, String seed, String... more)
      throws IOException {
    return DlionProcess.start(folder.resolve(site + ".log"), arguments(site, bind, seed, more));
  }

  private static void awaitSaid(DlionProcess worker, String text)
      throws IOException, InterruptedException {
    worker.await(text, () -> worker.said().contains(text));
  }

  /** Of a worker called as its site. */
  private List<String> arguments(String site, String bind, String seed, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "worker",
                "--name",
                site,
                "--site",
                site,
                "--bind",
                bind,
                "--seeds",
                seed,
                "--insecure",
                "--threads",
                "1",
                "--data",
                folder.resolve(site) + "",
                "--out",
                runs(site) + ""));
    arguments.addAll(List.of(more));
    return arguments;
  }

  private Path runs(String site) {
    return folder.resolve("runs-" + site);
  }

  private Preprocessing encoding(String site) throws IOException {
    Path file = runs(site).resolve("latest/preprocessing.json");
    return Preprocessing.parse(Files.readString(file), file + "");
  }

  /** Dark images with a light bar, lower from class to class; empty folders beside them. */
  private void images(String site, List<String> classes, int of, List<String> empty)
      throws IOException {
    SplittableRandom random = new SplittableRandom(site.hashCode());
    List<String> all = List.of("cat", "dog", "owl", "yak");
    for (String name : classes) {
      Path to = Files.createDirectories(folder.resolve(site).resolve(name));
      for (int i = 0; i < of; i++) {
        BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_BYTE_GRAY);
        int[] pixels = new int[SIDE * SIDE];
        Arrays.setAll(pixels, p -> p / ROW == all.indexOf(name) ? 220 : 20 + random.nextInt(20));
        image.getRaster().setPixels(0, 0, SIDE, SIDE, pixels);
        ImageIO.write(image, "png", to.resolve(i + ".png").toFile());
      }
    }
    for (String name : empty) {
      Files.createDirectories(folder.resolve(site).resolve(name));
    }
  }

  private static final String[] QUICK = {
    "--model", "mlp", "--min-workers", "2", "--epochs", "60", "--keep-model", "last"
  };

  @Test
  void emptyAndMissingClassesEndInOneModelOfAll() throws Exception {
    images("oslo", List.of("cat", "dog"), 40, List.of("yak"));
    images("rome", List.of("dog", "owl"), 40, List.of());
    String seed = "127.0.0.1:" + FreePort.next();
    Command oslo = worker("oslo", seed, seed, QUICK);
    Command rome = worker("rome", "127.0.0.1:" + FreePort.next(), seed, QUICK);
    assertThat(oslo.ends(0)).contains("from other workers: classes: 'owl'");
    assertThat(rome.ends(0)).contains("from other workers: classes: 'cat', 'yak'");
    for (String site : List.of("oslo", "rome")) {
      assertThat(encoding(site).classNames()).containsExactly("cat", "dog", "owl", "yak");
      String judged =
          dlion(
              0,
              "evaluate",
              runs(site).resolve("latest").toRealPath() + "",
              "--data",
              folder.resolve(site.equals("oslo") ? "rome" : "oslo") + "");
      assertThat(judged).as("at the other site").containsPattern("accuracy (1\\.0|0\\.9)");
    }
  }

  @Test
  void givenClassesAreTheClassesOfAllAndALateOneIsRefusedByName() throws Exception {
    images("oslo", List.of("cat", "dog"), 30, List.of());
    Files.writeString(folder.resolve("oslo/classes.txt"), "owl\ndog\ncat\n");
    images("rome", List.of("owl"), 30, List.of());
    images("bonn", List.of("dog"), 30, List.of());
    images("lyon", List.of("dog", "yak"), 30, List.of());
    String seed = "127.0.0.1:" + FreePort.next();
    String[] job = {"--model", "mlp", "--min-workers", "2", "--epochs", "1000000"};
    try (DlionProcess oslo = endless("oslo", seed, seed, job);
        DlionProcess rome = endless("rome", "127.0.0.1:" + FreePort.next(), seed, job)) {
      awaitSaid(oslo, "test accuracy");
      awaitSaid(rome, "test accuracy");
      assertThat(encoding("rome").classNames()).containsExactly("owl", "dog", "cat");

      assertThat(worker("lyon", "127.0.0.1:" + FreePort.next(), seed, job).ends(2))
          .contains("cannot train with", "who was there first")
          .contains("classes: 'yak' only here, the run began with 'owl', 'dog', 'cat'");
      awaitSaid(oslo, "refused lyon at lyon: classes: 'yak' only there, the run began with");

      try (DlionProcess bonn = endless("bonn", "127.0.0.1:" + FreePort.next(), seed, job)) {
        awaitSaid(bonn, "test accuracy");
        assertThat(encoding("bonn").classNames()).containsExactly("owl", "dog", "cat");
      }
    }
  }

  @Test
  void aClassThatWasNotGivenIsRefusedBeforeARunBegins() throws Exception {
    images("oslo", List.of("cat", "dog"), 10, List.of());
    images("lyon", List.of("dog", "yak"), 10, List.of());
    String seed = "127.0.0.1:" + FreePort.next();
    try (DlionProcess oslo = endless("oslo", seed, seed, with(QUICK, "--classes", "cat,dog,owl"))) {
      awaitSaid(oslo, "waiting");
      assertThat(worker("lyon", "127.0.0.1:" + FreePort.next(), seed, QUICK).ends(2))
          .contains(
              "cannot train with oslo at oslo",
              "classes: 'yak' only here, and classes names only 'cat', 'dog', 'owl' there");
    }
    assertThat(dlion(2, "train", "--data", folder.resolve("lyon") + "", "--classes", "cat,dog,owl"))
        .contains(folder.resolve("lyon/yak") + ": found class 'yak'");
  }

  private static String[] with(String[] some, String... more) {
    List<String> all = new ArrayList<>(List.of(some));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  /** Warm things are bought. */
  private void table(String site, String header, double scale, double offset) throws IOException {
    SplittableRandom random = new SplittableRandom(site.hashCode());
    StringBuilder text = new StringBuilder(header + "\n");
    for (int i = 0; i < 200; i++) {
      double celsius = 21 + 3 * random.nextGaussian();
      text.append(
              header
                  .replace("temperature", Phrase.of("%.3f", scale * celsius + offset))
                  .replace("weight", Phrase.of("%.3f", random.nextDouble()))
                  .replace("label", celsius > 21 ? "buy" : "no"))
          .append('\n');
    }
    Files.createDirectories(folder.resolve(site));
    Files.writeString(folder.resolve(site).resolve("table.csv"), text);
  }

  @Test
  void aMissingColumnIsAnErrorAndAnotherUnitIsSaid() throws Exception {
    table("oslo", "temperature,weight,label", 1, 0);
    table("rome", "label,weight,temperature", 1.8, 32);
    table("lyon", "weight,label", 1, 0);
    String seed = "127.0.0.1:" + FreePort.next();
    String[] job = with(QUICK, "--model", "logistic");
    Command oslo = worker("oslo", seed, seed, job);
    oslo.awaitSaid("waiting");
    assertThat(worker("lyon", "127.0.0.1:" + FreePort.next(), seed, job).ends(2))
        .contains(
            "cannot train with oslo at oslo",
            "column 'temperature' is numbers there and missing here");
    oslo.awaitSaid("refused lyon at lyon: column 'temperature' is missing there and numbers here");
    Command rome = worker("rome", "127.0.0.1:" + FreePort.next(), seed, job);
    assertThat(oslo.ends(0))
        .containsPattern(
            "rome at rome: column 'temperature': mean 2[01]\\.\\d+ here, (69|70)\\.\\d+ at rome:"
                + " other units\\?");
    assertThat(rome.ends(0))
        .containsPattern(
            "oslo at oslo: column 'temperature': mean (69|70)\\.\\d+ here, 2[01]\\.\\d+ at oslo:"
                + " other units\\?")
        .doesNotContain("'weight'");
  }
}
