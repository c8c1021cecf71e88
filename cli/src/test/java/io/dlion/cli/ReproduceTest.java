package io.dlion.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dlion.cli.console.Console;
import io.dlion.cli.reproduce.Experiments;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code dlion reproduce} as a user gives it, with an experiment that is small. */
class ReproduceTest {
  private static final Path FOLDER =
      Path.of(Objects.requireNonNull(System.getProperty("dlion.root")), "experiments");
  private static final String TINY =
      """
      claim: one worker learns what another does
      source: nobody, nowhere
      command:
        - >-
          --data generated:blobs --model mlp --preset local --no-ideal
          --environment homo-a --budget 600s
        - --data generated:blobs --model mlp --preset local --no-ideal --budget 600s
      quick: --budget 5s --set batching.initial=8
      expected: |
        little,
        but soon
      """;

  @TempDir private Path folder;

  private String out = "";
  private String err = "";

  private int reproduce(String... arguments) {
    List<String> all = new ArrayList<>(List.of("reproduce"));
    all.addAll(List.of(arguments));
    ByteArrayOutputStream outBytes = new ByteArrayOutputStream();
    ByteArrayOutputStream errBytes = new ByteArrayOutputStream();
    Console console = Console.plain(outBytes, errBytes);
    int code = Main.run(all.toArray(new String[0]), console, Main.commands(console));
    out = outBytes.toString(StandardCharsets.UTF_8);
    err = errBytes.toString(StandardCharsets.UTF_8);
    return code;
  }

  private Path tiny(String text) throws IOException {
    Path its = Files.createDirectories(folder.resolve("tiny"));
    Files.writeString(its.resolve("experiment.yaml"), text);
    return its;
  }

  @Test
  void listsALineForEach() {
    assertThat(reproduce("--list")).as(err).isZero();
    assertThat(out.lines().map(line -> line.replaceFirst(" .*", "")))
        .containsExactlyElementsOf(Experiments.names());
    assertThat(out)
        .contains("batching         Batches that follow the speed of each machine keep slow");
  }

  @Test
  void experimentsMayChangeEnvironments() throws IOException {
    Path its =
        tiny(
            TINY.replace(
                "--environment homo-a --budget 600s",
                "--environment adsp-3 --set environment.h=2 --budget 600s"));
    assertThat(reproduce("--quick", its.toString(), "--out", folder.resolve("runs").toString()))
        .as(err)
        .isZero();
    assertThat(out).contains("adsp-3-h2: mlp on generated:blobs, 3 workers");
  }

  @Test
  void everyFolderIsListedAndExplained() throws IOException {
    try (Stream<Path> folders = Files.list(FOLDER)) {
      assertThat(
              folders
                  .map(f -> f.getFileName().toString())
                  .filter(name -> !name.equals("tuned")) // settings, not an experiment
              )
          .containsExactlyInAnyOrderElementsOf(Experiments.names());
    }
    for (String name : Experiments.names()) {
      assertThat(FOLDER.resolve(name).resolve("README.md"))
          .content()
          .contains("# " + name + "\n", Experiments.find(name).claim(), "## Measured here")
          .contains("./dlion reproduce " + name);
    }
  }

  @Test
  void runsAllCommandsOfAnExperimentWithWhatIsChanged() throws IOException {
    Path runs = folder.resolve("results");
    int code =
        reproduce(
            tiny(TINY).toString(),
            "--quick",
            "--model",
            "logistic",
            "--seeds",
            "2",
            "--out",
            runs.toString());
    assertThat(code).as("%s%s", out, err).isZero();
    assertThat(out)
        .contains("tiny: one worker learns what another does", "nobody, nowhere")
        .contains("expected  little,\n          but soon\n")
        .contains("run 1 of 2: dlion emulate ", "run 2 of 2: dlion emulate ");
    List<String> told = out.lines().toList();
    List<Path> folders =
        told
            .subList(told.indexOf("run folders, in the order of the runs") + 1, told.size())
            .stream()
            .map(line -> Path.of(line.strip()))
            .toList();
    assertThat(folders).hasSize(2);
    assertThat(folders.getFirst().resolve("job.yaml")).content().contains("homo-a");
    assertThat(folders.getLast().resolve("job.yaml")).content().contains("hetero-sys-a");
    for (Path its : folders) {
      assertThat(its).hasParent(runs).isDirectory();
      assertThat(its.getFileName().toString()).contains("-tiny");
      assertThat(its.resolve("job.yaml"))
          .content()
          .contains("logistic", "generated:blobs")
          .doesNotContain("mlp");
      JsonNode result = new ObjectMapper().readTree(its.resolve("result.json").toFile());
      assertThat(result.path("presets").path(0).path("runs")).hasSize(2);
      assertThat(its.resolve("report.html"))
          .content()
          .contains("dlion emulate --data generated:blobs");
    }
  }

  @Test
  void anUnknownNameIsAnsweredWithTheNearest() {
    assertThat(reproduce("batching", "systms")).isEqualTo(2);
    assertThat(err).contains("unknown experiment 'systms'; did you mean 'systems'?");
    assertThat(out).isEmpty();
    assertThat(reproduce()).isEqualTo(2);
    assertThat(err).contains("expected the name of an experiment, or all");
    assertThat(reproduce(folder.resolve("nowhere/experiment.yaml").toString())).isEqualTo(2);
    assertThat(err).contains("nowhere/experiment.yaml: no such file");
  }

  @Test
  void aMalformedFileIsNamedWithLineAndKey() throws IOException {
    assertMistake(TINY.replace("claim:", "clam:"), ":1: unknown key \"clam\"; did you mean");
    assertMistake(TINY.replace("expected: |", "claim: |"), ":9: \"claim\" is given twice");
    assertMistake(TINY.replaceFirst("source:.*\n", ""), ":1: expected source, found none");
    assertMistake(
        TINY.replaceFirst("quick: .*", "quick: [--budget 1s]"),
        ":8: quick: expected one text, or one for each of the 2 runs, found 1");
    assertMistake(
        TINY.replaceFirst("quick: .*", "quick: budget 1s"),
        ":8: quick: expected flags of dlion emulate such as --preset dlion,ako --budget 300s,"
            + " found \"budget 1s\"");
    assertMistake(
        TINY.replaceFirst("quick: .*", "quick: --budget 1s 2s"),
        ":8: quick: expected flags of dlion emulate");
    assertMistake(
        "claim: a\nsource: b\nexpected: c\ncommand: --preset dlion\n",
        ":4: command: expected a list of the arguments of each run, found \"--preset dlion\"");
    assertMistake(
        "claim: a\nsource: b\nexpected: c\ncommand: []\n",
        ":4: command: expected at least one run, found none");
  }

  private void assertMistake(String text, String message) throws IOException {
    assertThat(reproduce(tiny(text).toString())).isEqualTo(2);
    assertThat(err).contains("tiny/experiment.yaml" + message);
    assertThat(out).isEmpty();
  }

  @Test
  void anArgumentThatEmulateDoesNotKnowIsTheExperimentsMistake() throws IOException {
    String text = TINY.replace("--no-ideal", "--no-idea");
    String runs = folder.resolve("runs").toString();
    assertThat(reproduce(tiny(text).toString(), "--out", runs)).isEqualTo(2);
    assertThat(err).contains("experiment tiny: command: ").contains("--no-idea");
  }
}
