package io.dlion.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dlion.cli.console.Console;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code dlion emulate} as a user gives it, on data that is small. */
class EmulateTest {
  @TempDir private Path folder;

  private String out = "";
  private String err = "";

  private int emulate(String name, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "emulate", "--data", "generated:blobs", "--model", "logistic", "--budget", "20"));
    arguments.addAll(List.of("--out", folder.resolve(name).toString()));
    arguments.addAll(List.of(more));
    return run(arguments);
  }

  private int run(List<String> arguments) {
    ByteArrayOutputStream outBytes = new ByteArrayOutputStream();
    ByteArrayOutputStream errBytes = new ByteArrayOutputStream();
    Console console = Console.plain(outBytes, errBytes);
    int code = Main.run(arguments.toArray(new String[0]), console, Main.commands(console));
    out = outBytes.toString(StandardCharsets.UTF_8);
    err = errBytes.toString(StandardCharsets.UTF_8);
    return code;
  }

  private JsonNode result(String name) throws IOException {
    return new ObjectMapper().readTree(folder.resolve(name + "/latest/result.json").toFile());
  }

  @Test
  void leavesEverythingThatIsPromised() throws IOException {
    assertThat(emulate("a", "--target", "0.2", "--csv", "--preset", "dlion,baseline"))
        .as("%s%s", out, err)
        .isZero();
    JsonNode result = result("a");
    assertThat(result.path("target").asDouble()).isEqualTo(0.2);
    assertThat(result.path("presets")).hasSize(2);
    assertThat(result.path("presets").path(0).path("preset").asText()).isEqualTo("dlion");
    assertThat(result.path("presets").path(1).path("bytesSent").asLong()).isPositive();
    assertThat(folder.resolve("a/latest/report.html")).isNotEmptyFile();
    assertThat(folder.resolve("a/latest/job.yaml")).content().contains("hetero-sys-a");
    assertThat(out).contains("dlion").contains("baseline").contains("report");
  }

  @Test
  void theSameSeedLeavesTheSameMetricsOnAnyNumberOfCores() throws IOException {
    assertThat(emulate("a", "--preset", "dlion,baseline", "--cores", "1")).as(err).isZero();
    assertThat(emulate("b", "--preset", "dlion,baseline", "--cores", "2")).as(err).isZero();
    assertThat(emulate("c", "--no-ideal", "--preset", "dlion", "--cores", "2")).as(err).isZero();
    byte[] metrics = Files.readAllBytes(folder.resolve("a/latest/metrics.jsonl"));
    assertThat(metrics).isNotEmpty();
    assertThat(Files.readAllBytes(folder.resolve("b/latest/metrics.jsonl"))).isEqualTo(metrics);
    String detail = "latest/hetero-sys-a/dlion-seed1.jsonl";
    byte[] one = Files.readAllBytes(folder.resolve("a/" + detail));
    assertThat(Files.readAllBytes(folder.resolve("b/" + detail))).isEqualTo(one);
    assertThat(Files.readAllBytes(folder.resolve("c/" + detail))).isEqualTo(one); // alone on two
  }

  @Test
  void learnsFromTheStreamsOfAnEnvironment() throws IOException {
    assertThat(emulate("a", "--environment", "stream-drift", "--preset", "dlion,bsp", "--csv"))
        .as(err)
        .isZero();
    JsonNode dlion = result("a").path("presets").path(0);
    assertThat(dlion.path("recordsLearned").asDouble()).isGreaterThan(3000);
    assertThat(dlion.path("driftsMade").asInt()).isEqualTo(3);
    assertThat(out).contains("prequential %");
    assertThat(folder.resolve("a/latest/prequential.csv")).isNotEmptyFile();
    assertThat(folder.resolve("a/latest/drifts.csv")).content().contains("made");
  }

  @Test
  void settingsOfStreamsNeedAnEnvironmentWithOne() {
    assertThat(emulate("a", "--preset", "dlion", "--set", "replay.size=100")).isEqualTo(2);
    assertThat(err)
        .contains(
            "--set replay.size=100: has no effect where no records arrive; expected an environment"
                + " with a stream, such as stream-steady");
    assertThat(
            emulate(
                "a",
                "--environment",
                "stream-steady",
                "--preset",
                "dlion",
                "--set",
                "stream.test=0.1"))
        .isEqualTo(2);
    assertThat(err).contains("emulations evaluate on the test set");
  }

  @Test
  void aWorldWithoutClassesCannotDrift() throws IOException {
    String text = "So it goes on and on, and never comes to an end. ".repeat(200);
    Path file = Files.writeString(folder.resolve("tale.txt"), text);
    assertThat(
            run(
                List.of(
                    "emulate",
                    "--environment",
                    "stream-drift",
                    "--data",
                    file.toString(),
                    "--model",
                    "char-lstm",
                    "--budget",
                    "20",
                    "--out",
                    folder.resolve("a").toString())))
        .isEqualTo(2);
    assertThat(err).contains("drift permutes the labels of classes, and this data has none");
  }

  @Test
  void tellsWhoRelaysForWhom() throws IOException {
    assertThat(emulate("a", "--no-ideal", "--environment", "hub-a", "--preset", "ako"))
        .as(err)
        .isZero();
    String told = "relayed by w3, 0 s to 20 s: w1-w5, w1-w6, w2-w5, w2-w6";
    assertThat(out).contains(told).containsPattern("relayed in a run: [0-9.]+ kB with ako");
    assertThat(folder.resolve("a/latest/report.html")).content().contains(told);
  }

  @Test
  void aTargetThatIsNotReachedHasNoTime() throws IOException {
    assertThat(emulate("a", "--no-ideal", "--target", "1", "--preset", "local")).as(err).isZero();
    assertThat(result("a").path("presets").path(0).path("secondsToTarget").isNull()).isTrue();
    assertThat(out).contains("not reached");
  }

  @Test
  void environmentsAreChangedByArgumentsAndMethodsWithoutServersRunWithoutThem()
      throws IOException {
    String[] arguments = {
      "--no-ideal",
      "--environment",
      "adsp-3",
      "--preset",
      "hop,local",
      "--set",
      "environment.latency=200ms",
      "--set",
      "environment.h=2.2"
    };
    assertThat(emulate("a", arguments)).as(err).isZero();
    String name = "adsp-3-h2.2-200ms";
    assertThat(result("a").path("environment").asText()).isEqualTo(name);
    assertThat(out).contains(name + ": logistic on generated:blobs, 3 workers");
    assertThat(folder.resolve("a/latest/" + name + "/hop-seed1.jsonl"))
        .content()
        .contains("\"w3\"")
        .doesNotContain("server");
    assertThat(folder.resolve("a/latest/job.yaml"))
        .content()
        .contains("environment-changes:", "environment.h: '2.2'", "environment.latency: 200ms");
  }

  @Test
  void mistakesInChangesOfEnvironmentsAreNamed() {
    assertThat(emulate("a", "--set", "environment.hh=3")).isEqualTo(2);
    assertThat(err).contains("--set environment.hh=3: unknown argument", "'environment.h'?");
    assertThat(emulate("a", "--set", "dlion:environment.h=3")).isEqualTo(2);
    assertThat(err).contains("in the same environment: --set environment.h=3");
    assertThat(emulate("a", "--set", "environment.h")).isEqualTo(2);
    assertThat(err).contains("KEY=VALUE");
    assertThat(emulate("a", "--environment", "adsp-18", "--set", "environment.h=1.1")).isEqualTo(2);
    assertThat(err).contains("--set environment.h: expected 1.278 to 44.833 in adsp-18");
    assertThat(err.lines()).hasSize(1);
    assertThat(folder.resolve("a")).doesNotExist();
  }

  @Test
  void mistakesAboutServersAreNamed() {
    assertThat(emulate("a", "--server", "w9", "--preset", "bsp")).isEqualTo(2);
    assertThat(err).contains("server w9: no worker of", "has that name; expected one of w1, ");
    assertThat(emulate("a", "--server", "w1")).isEqualTo(2);
    assertThat(err).contains("--server: server \"w1\": this method has no server", "adsp");
    assertThat(emulate("a", "--server", "w1", "--preset", "bsp", "--set", "server.name=w2"))
        .isEqualTo(2);
    assertThat(err).contains("--server: server \"w1\": by --set it is w2; expected one of them");
    assertThat(emulate("a", "--preset", "adsp", "--set", "adsp.probe=30000")).isEqualTo(2);
    assertThat(err).contains("adsp.probe=30000.0: longer than the run");
    assertThat(err.lines()).hasSize(1);
    assertThat(folder.resolve("a")).doesNotExist();
  }

  @Test
  void mistakesAreNamed() {
    assertThat(emulate("a", "--environment", "hetero-sys-z")).isEqualTo(2);
    assertThat(err).contains("hetero-sys-");
    assertThat(emulate("a", "--preset", "dlino")).isEqualTo(2);
    assertThat(err).contains("dlion");
    assertThat(emulate("a", "--set", "hop:sync.bound=3")).isEqualTo(2);
    assertThat(err).contains("hop is not among the methods");
    assertThat(emulate("a", "--set", "sync.bound")).isEqualTo(2);
    assertThat(err).contains("KEY=VALUE");
    assertThat(emulate("a", "--target", "85")).isEqualTo(2);
    assertThat(err).contains("0.85");
    assertThat(emulate("a", "--evaluate-every", "soon")).isEqualTo(2);
    assertThat(err).contains("90, 60s, 5m or 1h30m");
    assertThat(folder.resolve("a")).doesNotExist();
  }
}
