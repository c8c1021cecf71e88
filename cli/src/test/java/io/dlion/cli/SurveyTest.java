package io.dlion.cli;

import static io.dlion.cli.Told.dlion;
import static org.assertj.core.api.Assertions.assertThat;

import io.dlion.cluster.line.FreePort;
import io.dlion.core.WorkerId;
import io.dlion.emulator.environment.Calibration;
import io.dlion.emulator.environment.Environment;
import io.dlion.emulator.environment.Environments;
import java.io.IOException;
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

/** Workers with certificates, each a process of its own, are surveyed before they train. */
@Timeout(value = 400, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SurveyTest {
  private static final WorkerId LYON = new WorkerId("lyon");
  private static final WorkerId OSLO = new WorkerId("oslo");

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

  private String certificate(String of) {
    return folder.resolve("certs").resolve(of).toString();
  }

  private Told survey(String by, Path file, String... more) {
    List<String> words =
        new ArrayList<>(
            List.of(
                "survey",
                "--seeds",
                seeds(),
                "--certs",
                certificate(by),
                "--out",
                file.toString()));
    words.addAll(List.of("--step-seconds", "1", "--line-millis", "200", "--line-megabytes", "1"));
    words.addAll(List.of(more));
    return dlion(words.toArray(String[]::new));
  }

  private void start(String name) throws IOException {
    List<String> words =
        List.of(
            "worker",
            "--name",
            name,
            "--site",
            name,
            "--bind",
            "127.0.0.1:" + ports.get(name),
            "--seeds",
            seeds(),
            "--certs",
            certificate(name),
            "--data",
            "generated:blobs",
            "--model",
            "logistic",
            "--epochs",
            "1000000",
            "--min-workers",
            "3",
            "--threads",
            "1",
            "--shard",
            (List.copyOf(ports.keySet()).indexOf(name) + 1) + "/3",
            "--out",
            folder.resolve(name).toString());
    running.put(name, DlionProcess.start(folder.resolve(name + ".log"), words));
  }

  private void await(String name, String text) throws IOException, InterruptedException {
    DlionProcess process = Objects.requireNonNull(running.get(name));
    process.await(text, () -> process.said().contains(text));
  }

  private void certificates() throws IOException {
    String dir = folder.resolve("certs").toString();
    assertThat(dlion("certs", "init", "--dir", dir).exitCode()).isZero();
    for (String name : List.of("lyon", "oslo", "rome")) {
      assertThat(dlion("certs", "issue", name, "--dir", dir).exitCode()).isZero();
      ports.put(name, FreePort.next());
    }
    assertThat(dlion("certs", "issue", "anna", "--operator", "--dir", dir).exitCode()).isZero();
  }

  @Test
  void workersThatWaitOrRestAreMeasuredAndOthersAreNamed() throws Exception {
    certificates();
    start("lyon");
    start("oslo");
    await("lyon", "for 1 more worker of 3");
    await("oslo", "for 1 more worker of 3");
    String absent = "127.0.0.1:" + ports.get("rome");

    Told refused = survey("lyon", folder.resolve("no.yaml"));
    assertThat(refused.exitCode()).isEqualTo(1);
    assertThat(refused.err().lines()).singleElement().asString().contains("is not an operator's");
    assertThat(folder.resolve("no.yaml")).doesNotExist();

    Path file = folder.resolve("sites.yaml");
    Told told = survey("anna", file);
    assertThat(told.exitCode()).as(told.err()).isEqualTo(1);
    assertThat(told.out())
        .contains("does not answer: " + absent)
        .contains("timing gradients of 2 workers takes about ")
        .contains("wrote " + file + ": lyon, oslo\n");
    await("lyon", "is measured for operator anna");
    Environment found = Environments.read(file).forModel("logistic", 1000);
    for (WorkerId worker : List.of(LYON, OSLO)) {
      assertThat(found.calibration(worker)).isNotEqualTo(Calibration.DEFAULT);
      assertThat(found.computeNanos(worker, 32, 0)).isBetween(1_000L, 1_000_000_000L);
      assertThat(found.sharedCores(worker).orElseThrow().machine()).isEqualTo("m1");
      assertThat(found.accessBytesPerSecond(worker, 0)).isGreaterThan(1000);
    }
    assertThat(found.pathBytesPerSecond(LYON, OSLO, 0)).isGreaterThan(1000);
    assertThat(found.latencyNanos(OSLO, LYON)).isLessThan(1_000_000_000L);

    start("rome");
    await("rome", "test accuracy");
    Told training = survey("anna", folder.resolve("no.yaml"));
    assertThat(training.exitCode()).isEqualTo(1);
    assertThat(training.err())
        .contains("no worker at " + seeds() + " can be measured (lyon: is training, which");

    assertThat(dlion("pause", "--seeds", seeds(), "--certs", certificate("anna")).exitCode())
        .isZero();
    await("rome", "paused by operator anna");
    while (!status().matches("(?s)(.* paused .*){3}")) {
      Thread.onSpinWait();
    }
    Told resting = survey("anna", file, "--model", "mlp");
    assertThat(resting.exitCode()).as(resting.out() + resting.err()).isZero();
    assertThat(resting.out()).contains("wrote " + file + ": lyon, oslo, rome\n");
    assertThat(Environments.read(file).ownCalibrations(LYON)).containsOnlyKeys("mlp");
  }

  private String status() {
    return dlion("status", "--seeds", seeds(), "--certs", certificate("anna")).out();
  }

  @Test
  void mistakesAreSaidInALine() {
    assertMistake("Missing required option", "--insecure");
    assertMistake("--certs: expected", "--seeds", "127.0.0.1:1");
    assertMistake("--step-seconds", "--seeds", "127.0.0.1:1", "--insecure", "--step-seconds", "0");
    assertMistake(
        "--line-millis", "--seeds", "127.0.0.1:1", "--insecure", "--line-millis", "99999");
    assertMistake(
        "--model net.pt: expected the name of a built-in model",
        "--seeds",
        "127.0.0.1:1",
        "--insecure",
        "--model",
        "net.pt");
    assertMistake(
        "there is no folder",
        "--seeds",
        "127.0.0.1:1",
        "--insecure",
        "--out",
        folder.resolve("nowhere/sites.yaml").toString());
  }

  private static void assertMistake(String message, String... options) {
    List<String> words = new ArrayList<>(List.of("survey"));
    words.addAll(List.of(options));
    Told told = dlion(words.toArray(String[]::new));
    assertThat(told.err().lines()).hasSize(1);
    assertThat(told.err()).startsWith("dlion: ").containsIgnoringCase(message);
    assertThat(told.exitCode()).isEqualTo(2);
  }
}
