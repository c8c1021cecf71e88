package io.dlion.cli.emulate;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlion.cli.console.Console;
import io.dlion.cli.job.KnownNames;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** What a comparison leaves that was stopped in the middle. */
class EmulateRunTest {
  @TempDir private Path folder;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private int emulate(BooleanSupplier stopped) throws Exception {
    PrintStream printed = new PrintStream(out, true, StandardCharsets.UTF_8);
    Console console = new Console(printed, printed, false, false);
    CommandLine emulate =
        EmulateCommand.commandLine(
            new KnownNames(List.of("logistic"), List.of("blobs")),
            new EmulateRun(stopped),
            console);
    new CommandLine(CommandSpec.create().name("dlion"))
        .addSubcommand(emulate)
        .parseArgs(
            "emulate --no-ideal --cores 1 --preset local,baseline --environment homo-a,homo-b,starved-a --budget 20"
                .concat(" --data generated:blobs --model logistic --out ")
                .concat(folder.toString())
                .split(" "));
    return emulate.<EmulateCommand>getCommand().call();
  }

  private boolean begun(String environment, String preset) {
    return Files.exists(folder.resolve("latest/" + environment + "/" + preset + "-seed1.jsonl"));
  }

  @Test
  void whatIsCompleteIsCompared() throws Exception {
    assertThat(emulate(() -> begun("homo-b", "baseline"))).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains("no method was run with every seed in starved-a")
        .contains("homo-a: logistic")
        .contains("homo-b: logistic")
        .contains("stopped on request: not all methods were run")
        .doesNotContain("starved-a: logistic");
    assertThat(folder.resolve("latest/result.json"))
        .content()
        .contains("homo-a", "homo-b")
        .doesNotContain("starved-a");
    assertThat(folder.resolve("latest/report.html")).isNotEmptyFile();
  }

  @Test
  void whereNothingIsCompleteThatIsSaid() throws Exception {
    assertThat(emulate(() -> begun("homo-a", "local"))).isEqualTo(1);
    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains("no method was run with every seed in homo-a, homo-b, starved-a");
    assertThat(folder.resolve("latest/result.json")).doesNotExist();
  }
}
