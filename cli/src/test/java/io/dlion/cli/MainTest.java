package io.dlion.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlion.cli.job.JobGoal;
import io.dlion.cli.job.JobKey;
import io.dlion.core.UserError;
import io.dlion.core.settings.Options;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {
  private final CommandRun dlion = new CommandRun();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          trian                         | unknown command 'trian'; did you mean 'train'? (dlion --help explains)
          train --wokers 3              | unknown option '--wokers'; did you mean '--workers'? (dlion train --help explains)
          train --wokers=3              | unknown option '--wokers'; did you mean '--workers'? (dlion train --help explains)
          train --workers               | --workers: expected N, found nothing (dlion train --help explains)
          train --workers --epochs 3    | --workers: expected N, found nothing (dlion train --help explains)
          check --seeds x              | --seeds: expected a whole number, found "x" (dlion check --help explains)
          train --workers -1            | --workers: expected a whole number of at least 1, found "-1"
          train --set foo               | --set: expected KEY=VALUE, found "foo"
          train --set environment.h=3.2 | --set: environment.h is no setting of a method: it changes emulated environments, and only dlion emulate has those
          train --set batching.intial=3 | --set: unknown setting 'batching.intial'; did you mean 'batching.initial'? (dlion presets dlion lists them all)
          train --slow w9=4             | --slow: w9: no worker is called "w9"; there are w1 to w3
          train --preset bsp --server w9 | server w9: no worker of this run has that name; expected one of w1, w2, w3
          train --preset bsp --set server.name=w9 | server w9: no worker of this run has that name; expected one of w1, w2, w3
          train --server w1             | --server: server "w1": this method has no server; expected one of the presets with one: adsp, bsp, ssp, adacomm, fixed-adacomm, batchtune-bsp, batchtune-ssp
          train --preset bsp --server w1,w2 | --server: expected the name of one worker (one serves, and another takes over if it fails), found "w1, w2"
          train --preset bsp --server w1 --set server.name=w2 | --server: "w1" is to serve, and "w2" by --set: server.name; expected one of them, another takes over if it fails
          train --preset bsp --server a/b | --server: worker name 'a/b': expected 1 to 64 letters, digits, dots, dashes or underscores
          train --preset bsp --workers 1 --set server.trains=false | server.trains=false: the only worker serves and nobody would train; expected at least 2 workers, or server.trains=true
          train --preset adsp --time 20s --set adsp.probe=30 | adsp.probe=30.0: longer than the run, which takes 20.0 s; expected fewer seconds, or auto
          train --preset adsp --time 20s --set adsp.period=30 | adsp.period=30.0: longer than the run, which takes 20.0 s; expected fewer seconds, or auto
          train --preset adacomm --time 20s --set commit.trial=30 | commit.trial=30.0: the 8 trials take 240 s, and the run 20 s; expected fewer seconds, or auto
          train a.yaml b.yaml           | unexpected argument 'b.yaml' (dlion train --help explains)
          train nowhere.yaml            | job file nowhere.yaml: no such file
          train --resume nowhere        | no run folder at nowhere: no such folder; there are no runs beside it (dlion train makes one)
          train --resume r --workers 4  | --workers: a resumed run keeps its own; leave it out, or start a new run
          train --resume r job.yaml     | --resume r goes on with that run's own job: leave out job.yaml
          evaluate . --decimal comma    | --decimal is for --data PATH: the run's own data is read as its job.yaml says
          evaluate                      | missing required parameter: 'RUN' (dlion evaluate --help explains)
          export .                      | missing required option: '--output=FILE' (dlion export --help explains)
          export . --output m.onnx      | --output m.onnx: expected a file that ends in .pt (torchscript) or .safetensors; or say which with --format
          export . --output m.pt --every 9s | --every 9s: needs --follow; without it one file is written
          export . --output m.pt --follow --every 0s | --every: expected a time of at least 1 second such as 90, 60s, 5m or 1h30m, found "0s"
          tune --target 0               | --target: expected a share such as 0.85 or 85%, above 0 and at most 1, found 0
          tune --trials 0               | --trials: expected 1 to 10000, found 0
          plan --target 85%             | --environment: expected a file that describes your sites (dlion environments example shows one), or --seeds with the address of a worker that is up, found neither
          plan --environment homo-a     | --target: expected an accuracy to reach such as 0.85, found none
          plan --environment homo-a --target 1.5 | --target: expected a share such as 0.85 or 85%, above 0 and at most 1, found 1.5
          plan --environment homo-c --target 0.8 | unknown environment 'homo-c'; did you mean 'homo-a'? (dlion environments lists them; the path of a YAML file will do, too)
          plan --environment homo-a --target 0.8 --preset dlon | unknown preset 'dlon'; did you mean 'dlion'? (dlion presets lists them)
          plan --environment homo-a --target 0.8 --cost-per-gb -1 | --cost-per-gb: expected a price of at least 0, found -1.0
          plan --environment homo-a --target 0.8 --cost-per-gb x | --cost-per-gb: expected a number, found "x" (dlion plan --help explains)
          plan --environment homo-a --target 0.8 --budget 0s | --budget: expected a time of at least 1 second such as 90, 60s, 5m or 1h30m, found "0s"
          plan --environment homo-a --target 0.8 --runs 1 | --runs: expected 2 to 100 (a single run says nothing of chance), found 1
          plan --environment homo-a --target 0.8 --sample 0 | --sample: expected at least 100, found 0
          plan --environment homo-a --target 0.8 --more-like w9 | --more-like: expected a worker of homo-a that trains (w1, w2, w3, w4, w5, w6), found w9
          plan --environment homo-a --target 0.8 --preset x-tuned=ako | --preset: expected a name that does not end in -tuned, which is what tuned methods are called, found x-tuned
          plan --environment stream-steady --target 0.8 | stream-steady: records arrive there while training goes on, and a plan is for data that is there from the beginning. Leave stream out of the environment (dlion emulate compares methods on streams)
          train --settings nowhere.yaml | nowhere.yaml: no such file
          environments homo             | unknown environment 'homo'; did you mean 'homo-a'? (dlion environments lists them; the path of a YAML file will do, too)
          environments nowhere.yaml     | nowhere.yaml: no such file
          presets dlon                  | unknown preset 'dlon'; did you mean 'dlion'? (dlion presets lists them)
          """)
  void aMistakeIsOneLineAndExitCode2(String arguments, String message) {
    assertThat(dlion.run(arguments.split(" "))).isEqualTo(2);
    assertThat(dlion.err()).isEqualTo("dlion: " + message + System.lineSeparator());
    assertThat(dlion.out()).isEmpty();
    assertThat(dlion.jobs).isEmpty();
  }

  @Test
  void trainsTheJobThatFileAndFlagsDescribe(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("job.yaml"), "workers: 5\nseed: 3\n");
    int code =
        dlion.run(
            "train",
            file.toString(),
            "--workers=2",
            "--slow",
            "w1=2",
            "--slow",
            "w2=4",
            "--set=transfer.period=50",
            "--set",
            "batching.initial=8");
    assertThat(dlion.err()).isEmpty();
    assertThat(code).isZero();
    var job = dlion.jobs.getFirst();
    assertThat(job.workers()).isEqualTo(2);
    assertThat(job.seed()).isEqualTo(3);
    assertThat(job.slow().values()).containsExactly(2.0, 4.0);
    assertThat(job.settings().text("transfer.period")).isEqualTo("50");
    assertThat(job.settings().text("batching.initial")).isEqualTo("8");
    assertThat(dlion.resumed).containsExactly(Optional.empty());
  }

  @Test
  void aDryRunPrintsAJobFileThatTrainsTheSameJob(@TempDir Path folder) throws IOException {
    assertThat(dlion.run("train", "--preset", "baseline", "--time", "5m", "--dry-run")).isZero();
    assertThat(dlion.jobs).isEmpty();
    Path file = Files.writeString(folder.resolve("job.yaml"), dlion.out());
    dlion.run("train", file.toString());
    dlion.run("train", "--preset", "baseline", "--time", "5m");
    assertThat(dlion.jobs.getFirst()).isEqualTo(dlion.jobs.getLast());
    assertThat(dlion.out()).startsWith("# DLion ");
  }

  @Test
  void resumesARunWithItsOwnJobAndAnotherGoal(@TempDir Path run) throws IOException {
    Files.writeString(run.resolve("job.yaml"), "workers: 2\nepochs: 8\n");
    Files.createDirectory(run.resolve("checkpoints"));
    assertThat(dlion.run("train", "--resume", run.toString(), "--epochs", "20")).isZero();
    assertThat(dlion.jobs.getFirst().workers()).isEqualTo(2);
    assertThat(dlion.jobs.getFirst().goal()).isEqualTo(JobGoal.epochs(20));
    assertThat(dlion.resumed).containsExactly(Optional.of(run));
  }

  @Test
  void evaluatesAndExportsARun(@TempDir Path run) throws IOException {
    Files.writeString(run.resolve("job.yaml"), "");
    assertThat(dlion.run("evaluate", run.toString())).as("a job alone is no run").isEqualTo(2);
    assertThat(dlion.err()).contains("neither checkpoints nor model.safetensors is in it");
    Files.createDirectory(run.resolve("checkpoints"));
    assertThat(dlion.run("evaluate", run.toString(), "--data", "x")).isZero();
    assertThat(dlion.run("export", run.toString(), "--format", "torchscript", "--output", "m.pt"))
        .isZero();
    assertThat(dlion.others)
        .containsExactly("evaluate " + run + " Optional[x]", "export " + run + " TORCHSCRIPT m.pt");
    assertThat(dlion.run("export", "--follow", run + "", "--every", "5m", "--output", "m.PT"))
        .isZero();
    assertThat(dlion.run("export", run + "", "--follow", "--output", "m.safetensors")).isZero();
    assertThat(dlion.others.subList(2, 4))
        .containsExactly(
            "export " + run + " TORCHSCRIPT m.PT every PT5M",
            "export " + run + " SAFETENSORS m.safetensors every PT1M");
    for (String output : List.of(run + "/none/m.pt", run.toString())) {
      assertThat(dlion.run("export", run + "", "--format", "torchscript", "--output", output))
          .isEqualTo(2);
      assertThat(dlion.err()).contains("dlion: --output: " + output + ": ");
    }
    assertThat(dlion.run("export", run.toString(), "--format", "torchscrip", "--output", "m"))
        .isEqualTo(2);
    assertThat(dlion.err())
        .contains(
            "--format: expected safetensors or torchscript, found \"torchscrip\"; did you mean"
                + " 'torchscript'?");
  }

  @Test
  void aFailureOfTheDiskNamesTheFileAndExitsWith1() {
    assertThat(failingWith(new FileSystemException("runs/x", null, "No space left on device")))
        .isEqualTo("dlion: runs/x: No space left on device\n");
    assertThat(failingWith(new AccessDeniedException("runs")))
        .isEqualTo("dlion: runs: permission denied\n");
    assertThat(failingWith(new NoSuchFileException("x.csv")))
        .isEqualTo("dlion: x.csv: no such file or folder\n");
  }

  @Test
  void anythingElseIsAnInternalErrorOfOneLine() {
    CommandRun run = new CommandRun();
    run.training((job, resumed, console) -> {
      throw new IllegalStateException("two\nlines \033[31m");
    });
    assertThat(run.run("train")).isEqualTo(1);
    assertThat(run.err())
        .isEqualToNormalizingNewlines(
            "dlion: internal error: java.lang.IllegalStateException: two lines ?[31m;"
                + " run again with --debug for the stack trace\n");
    CommandRun error = new CommandRun();
    error.training((job, resumed, console) -> {
      throw new OutOfMemoryError("Java heap space");
    });
    assertThat(error.run("train")).isEqualTo(1);
    assertThat(error.err()).startsWith("dlion: internal error: java.lang.OutOfMemoryError");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--debug train", "train --debug"})
  void debugShowsTheStackTrace(String arguments) {
    dlion.training((job, resumed, console) -> {
      throw new UserError("wrong");
    });
    assertThat(dlion.run(arguments.split(" "))).isEqualTo(2);
    assertThat(dlion.err()).startsWith("dlion: wrong").contains("\tat io.dlion.cli.");
  }

  private static String failingWith(IOException failure) {
    CommandRun thrown = new CommandRun();
    thrown.training((job, resumed, console) -> {
      throw failure;
    });
    CommandRun wrapped = new CommandRun();
    wrapped.training((job, resumed, console) -> {
      throw new UncheckedIOException(failure);
    });
    assertThat(thrown.run("train")).isEqualTo(1);
    assertThat(wrapped.run("train")).isEqualTo(1);
    assertThat(wrapped.err()).isEqualTo(thrown.err());
    return thrown.err().replace(System.lineSeparator(), "\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "train", "tune", "evaluate", "export", "presets", "environments"})
  void helpTeachesByExamplesAndExitCodes(String command) {
    assertThat(dlion.run((command + " --help").strip().split(" "))).isZero();
    assertThat(dlion.err()).isEmpty();
    assertThat(dlion.out())
        .contains("Usage: dlion", "Exit codes", "Examples", ("  dlion " + command).stripTrailing())
        .doesNotContain("\033");
    assertThat(dlion.out().lines()).allMatch(line -> line.length() <= 100);
  }

  @Test
  void helpOfTrainNamesEveryFlag() {
    dlion.run("help", "train");
    for (JobKey key : JobKey.values()) {
      if (key.isFlag()) {
        assertThat(dlion.out()).contains("--" + key.key() + "=" + key.parameter());
      }
    }
  }

  @Test
  void withoutACommandItShowsWhatThereIs() {
    assertThat(dlion.run()).isZero();
    assertThat(dlion.out()).contains("train", "evaluate", "export", "presets");
  }

  @Test
  void saysItsVersion() {
    assertThat(dlion.run("--version")).isZero();
    assertThat(dlion.out()).matches("(?s)DLion \\d+\\.\\d+.*Java 25.*");
  }

  @Test
  void listsShowsAndComparesPresets() {
    dlion.run("presets");
    assertThat(dlion.out().lines().toList().getFirst()).startsWith("dlion ");
    dlion.run("presets", "baseline");
    assertThat(dlion.out())
        .contains(Options.all().stream().map(o -> o.key() + "=").toList())
        .contains(Options.all().stream().map(o -> o.meaning()).toList())
        .containsPattern(
            "\\* exchange.method=full +max-n \\| .*full \\| none  \\(default: max-n\\)")
        .contains("adsp  (no effect with this preset)");
    CommandRun served = new CommandRun();
    served.run("presets", "adsp");
    assertThat(served.out())
        .contains("\nadsp\n", "exchange  (no effect with this preset)", "* server.method=adsp");
    CommandRun other = new CommandRun();
    other.run("presets", "dlion", "dlion-paper");
    assertThat(other.out().lines().skip(1).map(line -> line.substring(0, line.indexOf(' '))))
        .containsExactly(
            "optimizer.averaging",
            "batching.initial",
            "batching.division",
            "batching.growth",
            "exchange.budget-share",
            "exchange.residual",
            "exchange.momentum",
            "exchange.values",
            "exchange.gather-share",
            "exchange.processor-share",
            "exchange.anticipation",
            "transfer.rule",
            "sync.mode",
            "topology.kind");
  }

  @Test
  void numbersInHelpDoNotDependOnTheLocale() {
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
      dlion.run("presets", "dlion");
      assertThat(dlion.out()).contains("optimizer.final-rate=0.01", "auto 0.0005");
      assertThat(List.of(dlion.run("train", "--dry-run"))).containsExactly(0);
    } finally {
      Locale.setDefault(before);
    }
  }
}
