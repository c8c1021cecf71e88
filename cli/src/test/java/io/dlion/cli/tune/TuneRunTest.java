package io.dlion.cli.tune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dlion.cli.console.Console;
import io.dlion.cli.job.KnownNames;
import io.dlion.cli.tuned.Tuned;
import io.dlion.cli.tuned.TunedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** {@code dlion tune} on data that is small: what it leaves, and stopped and gone on with. */
class TuneRunTest {
  private static final String COMMON =
      "--environment homo-a --preset ako,diloco --data generated:blobs --model logistic --trials 4"
          + " --time 8s --target 90% --cores 1";

  @TempDir private Path folder;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private int tune(BooleanSupplier stopped, String arguments) throws Exception {
    CommandLine tune =
        TuneCommand.commandLine(
            new KnownNames(List.of("logistic", "mlp"), List.of("blobs")),
            new TuneRun(stopped),
            Console.plain(out, err));
    new CommandLine(CommandSpec.create().name("dlion"))
        .addSubcommand(tune)
        .parseArgs(("tune " + arguments).split(" "));
    return tune.<TuneCommand>getCommand().call();
  }

  /** Trials that are kept, with their contents. */
  private static Map<String, String> trials(Path kept) throws IOException {
    Map<String, String> trials = new TreeMap<>();
    if (!Files.exists(kept)) {
      return trials;
    }
    try (Stream<Path> files = Files.walk(kept)) {
      for (Path file : files.filter(f -> f.toString().contains("rung")).toList()) {
        trials.put(kept.relativize(file).toString(), Files.readString(file));
      }
    }
    return trials;
  }

  private static int count(Path kept) {
    try {
      return trials(kept).size();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aStoppedTuneGoesOnAndLeavesTheSame() throws Exception {
    Path whole = folder.resolve("whole");
    Path parts = folder.resolve("parts");
    assertThat(tune(() -> false, COMMON + " --out " + whole)).isZero();
    Map<String, String> all = trials(whole);
    assertThat(all).hasSize(2 * (4 + 2 + 1));

    assertThat(tune(() -> count(parts) >= 5, COMMON + " --out " + parts)).isEqualTo(1);
    assertThat(out()).contains("stopped on request: what is done is kept in " + parts);
    assertThat(parts.resolve("homo-a/tuned.yaml")).doesNotExist();
    Map<String, String> some = trials(parts);
    assertThat(some).hasSize(5);
    out.reset();
    assertThat(tune(() -> false, COMMON + " --out " + parts)).isZero();
    assertThat(out().lines().filter(line -> line.endsWith("(kept)"))).hasSize(5);
    assertThat(trials(parts)).isEqualTo(all).containsAllEntriesOf(some);

    Tuned one = TunedReader.read(whole.resolve("homo-a/tuned.yaml"));
    Tuned other = TunedReader.read(parts.resolve("homo-a/tuned.yaml"));
    assertThat(other.methods()).isEqualTo(one.methods()).containsOnlyKeys("ako", "diloco");
    assertThat(one.environment()).isEqualTo("homo-a");
    assertThat(one.model()).isEqualTo("logistic");
    assertThat(one.origin())
        .containsEntry("seeds-of-trials", "1000001 1000002 1000003")
        .containsEntry("virtual-seconds-of-each-method", "24");
  }

  @Test
  void theBestTwoAreTriedAgainWithOtherSeeds() throws Exception {
    Path kept = folder.resolve("kept");
    String arguments =
        "--environment homo-a --preset ako --data generated:blobs --model logistic --trials 8"
            + " --time 4s --target 90% --cores 1 --out "
            + kept;
    assertThat(tune(() -> false, arguments)).isZero();
    assertThat(trials(kept)).hasSize(8 + 4 + 2 + 2 + 2);
    Tuned tuned = TunedReader.read(kept.resolve("homo-a/tuned.yaml"));
    assertThat(tuned.origin())
        .containsEntry("seeds-of-trials", "1000001 1000002 1000003 1000004 1000005")
        .containsEntry("virtual-seconds-of-each-method", "40");
    assertThat(kept.resolve("homo-a/tuned.yaml")).content().contains("reached-in: 0 of 3");
  }

  @Test
  void trialsOfSomethingElseAreALine() throws Exception {
    Path kept = folder.resolve("kept");
    assertThat(tune(() -> true, COMMON + " --out " + kept)).isEqualTo(1);
    assertThatThrownBy(() -> tune(() -> true, COMMON + " --seed 2 --out " + kept))
        .hasMessage(
            kept
                + ": has trials with seed 1, and now it is 2; give the same to go on with them, or"
                + " another --out");
  }

  @Test
  void whatIsFixedIsNotTunedAndStandsInTheFile() throws Exception {
    Path kept = folder.resolve("fixed");
    String arguments =
        "--environment homo-a --preset q=ako --data generated:blobs --model logistic --trials 2"
            + " --time 4s --cores 1 --set q:batching.initial=300";
    assertThat(tune(() -> false, arguments + " --out " + kept)).isZero();
    Tuned tuned = TunedReader.read(kept.resolve("homo-a/tuned.yaml"));
    assertThat(tuned.changes("q", "ako").orElseThrow()).containsEntry("batching.initial", "300");
  }

  @Test
  void noMethodThatReachesTheTargetIsSaid() throws Exception {
    String arguments =
        "--environment homo-a --preset ako --data generated:blobs --model logistic --trials 1"
            + " --time 1s --target 100% --cores 1";
    assertThat(tune(() -> false, arguments + " --out " + folder.resolve("none"))).isZero();
    assertThat(out()).contains("no method reached 100.0 % in 1 s; the best, ako, got to ");
  }
}
