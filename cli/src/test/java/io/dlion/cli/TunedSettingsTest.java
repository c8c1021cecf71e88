package io.dlion.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlion.cli.console.Console;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code --settings FILE} of the commands that take what {@code dlion tune} has found. */
class TunedSettingsTest {
  @TempDir private Path folder;

  private String given = "";
  private String out = "";
  private String err = "";

  @BeforeEach
  void write() throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("tuned.yaml"),
            """
            environment: homo-a
            data: generated:blobs
            model: logistic
            methods:
              ako:
                preset: ako
                set: {batching.initial: 12, optimizer.momentum: 0.5}
            """);
    given = "--settings " + file + " ";
  }

  private int dlion(String arguments) {
    ByteArrayOutputStream outBytes = new ByteArrayOutputStream();
    ByteArrayOutputStream errBytes = new ByteArrayOutputStream();
    Console console = Console.plain(outBytes, errBytes);
    int code = Main.run(arguments.strip().split(" +"), console, Main.commands(console));
    out = outBytes.toString(StandardCharsets.UTF_8);
    err = errBytes.toString(StandardCharsets.UTF_8);
    return code;
  }

  @Test
  void trainTakesThemAndSaysWhatDiffers() {
    assertThat(dlion("train --preset ako --model mlp --dry-run " + given)).as(err).isZero();
    assertThat(out).contains("batching.initial: 12", "optimizer.momentum: 0.5");
    assertThat(err).contains("is tuned for model logistic, and this is mlp");
    assertThat(dlion("train --preset ako --dry-run " + given)).isZero();
    assertThat(err).contains("is tuned for model logistic; model auto chooses by the data");
    assertThat(dlion("train --preset hop --dry-run " + given)).isEqualTo(2);
    assertThat(err).contains("has no settings for preset hop");
  }

  @Test
  void theyWinOverAJobFileAndFlagsOverThem() throws Exception {
    Path job =
        Files.writeString(
            folder.resolve("job.yaml"),
            """
            preset: baseline
            model: logistic
            set: {optimizer.momentum: 0.8, optimizer.averaging: 3}
            """);
    String train = "train " + job + " --preset ako --set batching.initial=16 --dry-run ";
    assertThat(dlion(train + given)).as(err).isZero();
    assertThat(err).isEmpty();
    assertThat(out)
        .contains("batching.initial: 16", "optimizer.momentum: 0.5", "optimizer.averaging: 3");
  }

  @Test
  void emulateGivesThemToTheMethodsOfTheirName() throws Exception {
    String emulate =
        "emulate --environment homo-a,homo-b --preset ako,plain=ako --no-ideal --budget 4"
            + " --data generated:blobs --model logistic --out ";
    assertThat(dlion(emulate + folder + " " + given)).as(err).isZero();
    assertThat(err.lines())
        .singleElement()
        .asString()
        .startsWith("warning: ")
        .endsWith("tuned.yaml is tuned for environment homo-a, and this is homo-b");
    String job = Files.readString(folder.resolve("latest/job.yaml"));
    assertThat(job.substring(job.indexOf("tuned:")))
        .containsPattern("(?s)homo-a:\\s+ako:.*batching.initial: '12'.*plain:.*homo-b:")
        .satisfies(tuned -> assertThat(tuned.split("batching.initial")).hasSize(3));
    String other = emulate.replace("ako,plain=ako", "hop");
    assertThat(dlion(other + folder + " " + given)).isEqualTo(2);
    assertThat(err).contains("has settings of ako, and compared are hop; expected one of them");
  }
}
