package io.dlion.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlion.cli.ShellProgram.Running;
import io.dlion.cluster.line.FreePort;
import io.dlion.core.Phrase;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Commands as people type them: processes with arguments, an environment and files. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FrontDoorTest {
  private static final String ARABIC =
      """
      export LC_ALL=xx_XX.UTF-8
      export DLION_JAVA_OPTS="$DLION_JAVA_OPTS -Duser.language=ar -Duser.country=EG"
      """;

  private static final int LABEL_LENGTH = 13;

  @TempDir private Path folder;
  private ShellProgram shell;

  @BeforeEach
  void install() throws IOException {
    shell = new ShellProgram(folder);
  }

  @AfterEach
  void end() throws InterruptedException {
    shell.end();
  }

  /** What was printed behind a label, and in the lines below it. */
  private static List<String> printed(List<String> said, String label) {
    return said.stream()
        .dropWhile(line -> !line.startsWith(label))
        .map(line -> line.substring(Math.min(LABEL_LENGTH, line.length())))
        .toList();
  }

  private void images() throws IOException {
    for (int i = 0; i < 8; i++) {
      BufferedImage image = new BufferedImage(8, 8, BufferedImage.TYPE_BYTE_GRAY);
      image.setRGB(i, i, 0xffffff);
      ImageIO.write(image, "png", folder.resolve(i + ".png").toFile());
    }
  }

  @Test
  void aRunGoesFromDataToExportInAnyLocale() throws Exception {
    images();
    List<String> said =
        shell.run(
            ARABIC
                + """
                mkdir -p 'Bilder ü/train/Größe' 'Bilder ü/train/Gro\u0308ße 🎉'
                cp [0-3].png 'Bilder ü/train/Größe'
                cp [4-7].png 'Bilder ü/train/Gro\u0308ße 🎉'
                dlion train --data 'Bilder ü' --model mlp --workers 2 --epochs 2 --out 'Läufe $HOME'
                cat Läufe*/latest/job.yaml
                """);
    assertThat(said)
        .contains("workers: 2", "epochs: 2")
        .noneMatch(line -> line.chars().anyMatch(c -> c > 127 && Character.isDigit(c)))
        .noneMatch(line -> line.contains("\uFFFD"));
    List<String> next = printed(said, "next ");
    assertThat(next.getFirst()).startsWith("dlion evaluate 'Läufe $HOME/");
    assertThat(next.get(1)).startsWith("dlion export 'Läufe $HOME/");
    assertThat(shell.run(ARABIC + next.get(0) + "\n" + next.get(1)))
        .anyMatch(line -> line.startsWith("accuracy "))
        .anyMatch(line -> line.startsWith("Größe "))
        .contains("wrote model.pt");
    assertThat(folder.resolve("model.pt")).isNotEmptyFile();
  }

  private Running worker(String name, int port, int seed, String rest) throws IOException {
    return shell.start(
        Phrase.of(
            "exec dlion worker --name %s --bind 127.0.0.1:%d --seeds 127.0.0.1:%d --min-workers 2 --threads 1 --data generated:blobs --model logistic --out %s %s",
            name, port, seed, name, rest));
  }

  @Test
  void aWorkerThatTrainsCanBeWatchedUsedStoppedAndResumed() throws Exception {
    int seed = FreePort.next();
    String rest =
        "--insecure --epochs 1000000 --site 'Köln Süd' --step-delay-millis 25 --set checkpoint.every=0.1";
    Running one = worker("w1", seed, seed, rest + " --shard 1/2");
    Running two = worker("w2", FreePort.next(), seed, rest + " --shard 2/2");
    one.awaitLine(line -> line.contains("run folder w1/"));
    one.awaitLine(line -> line.contains("test accuracy"));

    assertThat(shell.run("dlion status --insecure --seeds 127.0.0.1:" + seed))
        .anyMatch(line -> line.startsWith("w1 ") && line.contains("training"))
        .anyMatch(line -> line.startsWith("w2 ") && line.contains("Köln Süd"))
        .anyMatch(line -> line.startsWith("w1 to w2 "));
    assertThat(
            shell.run(
                """
                until [ -e w1/latest/checkpoints/w1.safetensors ]; do sleep 0.1; done
                dlion evaluate w1/latest
                dlion export w1/latest --format safetensors --output m
                """))
        .anyMatch(line ->
            line.matches(
                "the run has not ended: this is the checkpoint of w1, iteration \\d+, \\d+ s ago"))
        .anyMatch(line -> line.startsWith("accuracy 0."))
        .contains("wrote m");
    Running second =
        shell.start(
            Phrase.of(
                "exec dlion worker --name w1 --bind 127.0.0.1:%d --seeds 127.0.0.1:%d --insecure --resume w1/latest",
                FreePort.next(), seed));
    assertThat(second.end()).isEqualTo(2);
    assertThat(second.said())
        .anyMatch(line -> line.contains("process " + one.pid() + " is training in this folder"));

    one.stop();
    one.end();
    String again = printed(one.said(), "go on with ").getFirst();
    assertThat(again)
        .contains(" --site 'Köln Süd' --step-delay-millis 25 --shard 1/2 --resume w1/");
    assertThat(folder.resolve("w1/latest/job.yaml")).content().contains("# go on with: " + again);
    Running resumed = shell.start("exec " + again);
    resumed.awaitLine(line -> line.contains("test accuracy"));
    resumed.stop();
    two.stop();
    resumed.end();
    two.end();
    assertThat(resumed.said()).anyMatch(line -> line.contains(again));
  }

  private void certs(String... arguments) {
    List<String> line = new ArrayList<>(List.of("certs"));
    line.addAll(List.of(arguments));
    line.addAll(List.of("--dir", folder.resolve("c").toString()));
    CommandRun dlion = new CommandRun();
    assertThat(dlion.run(line.toArray(String[]::new))).as(dlion.err()).isZero();
  }

  @Test
  void workersWithCertificatesTrainToTheEnd() throws Exception {
    certs("init");
    certs("issue", "w1");
    certs("issue", "w2");
    int seed = FreePort.next();
    Running one = worker("w1", seed, seed, "--certs c/w1 --epochs 1");
    Running two = worker("w2", FreePort.next(), seed, "--certs c/w2 --epochs 1");
    for (Running worker : List.of(one, two)) {
      assertThat(worker.end()).as("%s", worker).isZero();
    }
    assertThat(folder.resolve("w1/latest/model.safetensors")).isNotEmptyFile();
    assertThat(folder.resolve("w2/latest/model.safetensors")).isNotEmptyFile();
  }
}
