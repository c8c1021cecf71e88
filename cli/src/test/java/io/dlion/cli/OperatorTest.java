package io.dlion.cli;

import static io.dlion.cli.Told.dlion;
import static org.assertj.core.api.Assertions.assertThat;

import io.dlion.cluster.line.FreePort;
import io.dlion.data.tensor.NamedTensor;
import io.dlion.data.tensor.Safetensors;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An operator commands three workers with certificates, each a process of its own. */
@Timeout(value = 400, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class OperatorTest {
  private static final List<String> NAMES = List.of("lyon", "oslo", "rome");

  @TempDir private Path folder;
  private final Map<String, Integer> ports = new TreeMap<>();
  private final Map<String, DlionProcess> running = new TreeMap<>();

  @AfterEach
  void end() {
    running.values().forEach(DlionProcess::close);
  }

  private String seeds() {
    return String.join(",", ports.values().stream().map(port -> "127.0.0.1:" + port).toList());
  }

  /** Asks all, with somebody's certificate. */
  private Told ask(String command, String by, String... more) {
    List<String> words = new ArrayList<>(List.of(command, "--seeds", seeds(), "--certs"));
    words.add(folder.resolve("certs").resolve(by).toString());
    words.addAll(List.of(more));
    return dlion(words.toArray(String[]::new));
  }

  private void certificates() throws IOException {
    String dir = folder.resolve("certs").toString();
    assertThat(dlion("certs", "init", "--dir", dir).exitCode()).isZero();
    for (String name : NAMES) {
      assertThat(dlion("certs", "issue", name, "--dir", dir).exitCode()).isZero();
      ports.put(name, FreePort.next());
    }
    assertThat(dlion("certs", "issue", "anna", "--operator", "--dir", dir).exitCode()).isZero();
  }

  private void start(String name, String... more) throws IOException {
    List<String> words =
        new ArrayList<>(
            List.of(
                "worker",
                "--name",
                name,
                "--bind",
                "127.0.0.1:" + ports.get(name),
                "--seeds",
                seeds(),
                "--certs",
                folder.resolve("certs").resolve(name).toString(),
                "--min-workers",
                "3",
                "--threads",
                "1",
                "--shard",
                (NAMES.indexOf(name) + 1) + "/3"));
    words.addAll(List.of(more));
    running.put(name, DlionProcess.start(folder.resolve(name + ".log"), words));
  }

  private DlionProcess running(String name) {
    return Objects.requireNonNull(running.get(name));
  }

  private void await(String name, String text) throws IOException, InterruptedException {
    DlionProcess process = running(name);
    process.await(text, () -> process.said().contains(text));
  }

  private Path run(String name) {
    return folder.resolve(name).resolve("latest");
  }

  @Test
  void aClusterRestsIsKilledGoesOnAndEndsWithOneModel() throws Exception {
    certificates();
    for (String name : NAMES) {
      start(
          name,
          "--data",
          "generated:blobs",
          "--model",
          "logistic",
          "--epochs",
          "1000000",
          "--out",
          folder.resolve(name).toString());
    }
    for (String name : NAMES) {
      await(name, "test accuracy");
    }

    Told refused = ask("pause", "rome");
    assertThat(refused.exitCode()).isEqualTo(1);
    assertThat(refused.err())
        .isEqualTo(
            "dlion: refused: the certificate of worker rome is not an operator's (dlion certs issue"
                + " NAME --operator makes one)\n");
    await("lyon", "refused to pause by worker rome");

    Told paused = ask("pause", "anna");
    assertThat(paused.out()).isEqualTo("lyon: paused\noslo: paused\nrome: paused\n");
    assertThat(paused.exitCode()).isZero();
    for (String name : NAMES) {
      await(name, "paused by operator anna");
    }
    assertThat(ask("pause", "anna").out())
        .startsWith("lyon: was paused already, by operator anna since ");
    Told status = ask("status", "rome");
    assertThat(status.exitCode()).isZero();
    assertThat(status.out()).contains("rome: paused since ").doesNotContain(" training ");

    running("oslo").kill();
    assertThat(run("oslo").resolve("checkpoints")).isNotEmptyDirectory();
    start("oslo", "--resume", run("oslo").toRealPath().toString());
    assertThat(ask("resume", "anna").out()).contains("lyon: resumed\n").contains("rome: resumed\n");
    for (String name : NAMES) {
      DlionProcess process = running(name);
      int times = name.equals("oslo") ? 1 : 2;
      process.await("trains again", () -> process.said().split("run folder /", -1).length > times);
    }
    while (!ask("status", "anna").out().matches("(?s)(.* training .*){3}")) {
      Thread.onSpinWait();
    }

    Path now = folder.resolve("now");
    Told model = ask("model", "anna", "--output", now.toString());
    assertThat(model.exitCode()).as(model.err()).isZero();
    assertThat(model.out()).contains("wrote " + now + ": mean of 3 replicas");
    assertThat(dlion("evaluate", now.toString()).out())
        .contains("test examples of generated:blobs");
    Told secret = ask("model", "rome", "--output", folder.resolve("m.pt").toString());
    assertThat(secret.exitCode()).isEqualTo(1);
    assertThat(secret.err().lines()).singleElement().asString().contains("is not an operator's");
    assertThat(folder.resolve("m.pt")).doesNotExist();

    assertThat(ask("stop", "anna").out())
        .isEqualTo("lyon: stopped\noslo: stopped\nrome: stopped\n");
    List<List<Float>> models = new ArrayList<>();
    for (String name : NAMES) {
      DlionProcess process = running(name);
      assertThat(process.exitCode()).as(process.said()).isZero();
      assertThat(process.said()).contains("an operator stopped it");
      models.add(weights(run(name).resolve("model.safetensors")));
    }
    assertThat(models.get(1)).isEqualTo(models.getFirst());
    assertThat(models.get(2)).isEqualTo(models.getFirst());
    Told nobody = ask("stop", "anna");
    assertThat(nobody.exitCode()).isEqualTo(1);
    assertThat(nobody.err()).startsWith("dlion: no worker answers at " + seeds());
  }

  private static List<Float> weights(Path file) throws IOException {
    List<Float> all = new ArrayList<>();
    for (NamedTensor tensor : Safetensors.read(file).tensors()) {
      for (float value : tensor.values().toArray(ValueLayout.JAVA_FLOAT_UNALIGNED)) {
        all.add(value);
      }
    }
    return all;
  }

  @Test
  void mistakesAreSaidInALine() throws Exception {
    for (String command : List.of("stop", "pause", "resume", "status")) {
      assertMistake("Missing required option", command, "--insecure");
      assertMistake("--certs: expected", command, "--seeds", "127.0.0.1:1");
      assertMistake("--seeds: expected HOST:PORT", command, "--seeds", "here", "--insecure");
    }
    for (String bad : List.of("m.onnx", ".", "nowhere/m.pt")) {
      assertMistake(
          "--output: ",
          "model",
          "--seeds",
          "127.0.0.1:1",
          "--insecure",
          "--output",
          folder.resolve(bad).toString());
    }
    assertMistake("--watch 0", "status", "--seeds", "127.0.0.1:1", "--insecure", "--watch=0");
  }

  private static void assertMistake(String message, String... command) {
    Told told = dlion(command);
    assertThat(told.err().lines()).hasSize(1);
    assertThat(told.err()).startsWith("dlion: ").containsIgnoringCase(message);
    assertThat(told.exitCode()).isEqualTo(2);
  }
}
