package io.dlion.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlion.cli.console.Console;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChartCommandTest {
  @TempDir private Path folder;

  private Path picture = Path.of("");
  private String err = "";

  @BeforeEach
  void record() throws IOException {
    picture = folder.resolve("picture.svg");
    Files.writeString(folder.resolve("result.json"), "{\"target\": 0.8}");
    Files.writeString(
        folder.resolve("metrics.jsonl"),
        """
        {"t":10.0,"environment":"homo-b","preset":"dlion","seed":1,"accuracy":0.5}
        {"t":20.0,"environment":"homo-b","preset":"dlion","seed":1,"accuracy":0.7}
        {"t":20.0,"environment":"starved-a","preset":"dlion","seed":1,"accuracy":0.2}
        """);
  }

  private int chart(Path run, String... more) {
    List<String> arguments =
        new ArrayList<>(List.of("chart", run.toString(), "--output", picture.toString()));
    arguments.addAll(List.of(more));
    ByteArrayOutputStream errBytes = new ByteArrayOutputStream();
    Console console = Console.plain(new ByteArrayOutputStream(), errBytes);
    int code = Main.run(arguments.toArray(new String[0]), console, Main.commands(console));
    err = errBytes.toString(StandardCharsets.UTF_8);
    return code;
  }

  @Test
  void drawsTheEnvironmentsOfARun() {
    assertThat(chart(folder)).as(err).isZero();
    assertThat(picture).content().contains("<svg", ">homo-b<", ">starved-a<", ">dlion<");
  }

  @Test
  void drawsThoseThatAreNamed() {
    assertThat(chart(folder, "--environment", "homo-b")).as(err).isZero();
    assertThat(picture).content().contains(">homo-b<").doesNotContain("starved-a");
  }

  @Test
  void methodsOfSeveralRunsShareAPanel() throws IOException {
    Path more = Files.createDirectory(folder.resolve("more"));
    Files.writeString(more.resolve("result.json"), "{\"target\": 0.8}");
    Files.writeString(
        more.resolve("metrics.jsonl"),
        "{\"t\":20.0,\"environment\":\"homo-b\",\"preset\":\"ako\",\"seed\":1,\"accuracy\":0.7}");
    assertThat(chart(folder, more.toString(), "--environment", "homo-b")).as(err).isZero();
    assertThat(picture).content().containsOnlyOnce(">homo-b<").contains(">dlion<", ">ako<");
  }

  @Test
  void mistakesAreNamed() throws IOException {
    assertThat(chart(folder, "--environment", "homo-z")).isEqualTo(2);
    assertThat(err).contains("expected one of [homo-b, starved-a], found homo-z");
    assertThat(chart(folder.resolve("nowhere"))).isEqualTo(2);
    assertThat(err).contains("nowhere: expected a run folder of dlion emulate");
    Files.writeString(
        folder.resolve("metrics.jsonl"), "{\"t\":1,\"kind\":\"evaluated\",\"accuracy\":0.5}");
    assertThat(chart(folder)).isEqualTo(2);
    assertThat(err).contains("found no accuracies");
    assertThat(picture).doesNotExist();
  }
}
