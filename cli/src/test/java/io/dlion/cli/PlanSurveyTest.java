package io.dlion.cli;

import static io.dlion.cli.Told.dlion;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dlion.cli.job.Job;
import io.dlion.cli.job.JobFile;
import io.dlion.cli.job.KnownNames;
import io.dlion.cli.job.Resolver;
import io.dlion.cluster.line.FreePort;
import io.dlion.core.WorkerId;
import io.dlion.emulator.environment.Environment;
import io.dlion.emulator.environment.Environments;
import java.io.IOException;
import java.nio.file.Files;
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

/** {@code dlion plan --seeds}: two workers wait, each a process of its own, and a third is not. */
@Timeout(value = 400, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PlanSurveyTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final KnownNames NAMES = new KnownNames(List.of("mlp"), List.of("blobs"));

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

  private void start(String name) throws IOException {
    List<String> words =
        new ArrayList<>(List.of("worker", "--name", name, "--site", name, "--insecure"));
    words.addAll(List.of("--bind", "127.0.0.1:" + ports.get(name), "--seeds", seeds()));
    words.addAll(List.of("--data", "generated:blobs", "--model", "mlp", "--threads", "1"));
    words.addAll(List.of("--min-workers", "3", "--out", folder.resolve(name).toString()));
    running.put(name, DlionProcess.start(folder.resolve(name + ".log"), words));
  }

  private void awaitWaiting(String name) throws IOException, InterruptedException {
    DlionProcess process = Objects.requireNonNull(running.get(name));
    process.await("it waits", () -> process.said().contains("for 1 more worker of 3"));
  }

  private Told plan(String seeds, String... more) {
    List<String> words = new ArrayList<>(List.of("plan", "--seeds", seeds, "--insecure"));
    words.addAll(List.of("--data", "generated:blobs", "--preset", "dlion", "--target", "70%"));
    words.addAll(List.of("--budget", "4s", "--trials", "1", "--runs", "2", "--cores", "1"));
    words.addAll(List.of("--step-seconds", "1", "--out", folder.resolve("plan").toString()));
    words.addAll(List.of(more));
    return dlion(words.toArray(String[]::new));
  }

  @Test
  void whoWaitsIsPlannedForAndWhoDoesNotAnswerIsNamed() throws Exception {
    for (String name : List.of("lyon", "oslo", "rome")) {
      ports.put(name, FreePort.next());
    }
    start("lyon");
    start("oslo");
    awaitWaiting("lyon");
    awaitWaiting("oslo");
    String without = "127.0.0.1:" + ports.get("rome") + " did not answer";

    Told told = plan(seeds());
    assertThat(told.exitCode()).as(told.out() + told.err()).isZero();
    Path plan = folder.resolve("plan");
    assertThat(told.out())
        .contains("timing gradients of 2 workers takes about ")
        .contains("wrote " + plan.resolve("sites.yaml") + ": lyon, oslo\n")
        .containsPattern("\n  " + without + " \\(.*\\): planned without it\\.\n");
    assertThat(told.err()).contains("warning: " + without);
    Environment found = Environments.read(plan.resolve("sites.yaml"));
    assertThat(found.ownCalibrations(new WorkerId("oslo"))).containsOnlyKeys("mlp");

    JsonNode json = JSON.readTree(plan.resolve("plan.json").toFile());
    assertThat(json.path("model").asText()).isEqualTo("mlp");
    assertThat(json.at("/sites/silent/0").asText()).startsWith(without);
    assertThat(json.at("/sites/silent")).hasSize(1);
    assertThat(json.path("notes").toString()).contains("measured on the workers themselves: lyon ");
    assertThat(Files.readString(plan.resolve("plan.html"))).contains("<strong>" + without);
    jobIsForTheseWorkers(plan.resolve("job.yaml"), without);
    itGoesOnWithWhatWasMeasured(plan);
  }

  private void jobIsForTheseWorkers(Path file, String without) throws IOException {
    Job job = Resolver.resolve(JobFile.read(file), NAMES);
    assertThat(job.model()).isEqualTo("mlp");
    assertThat(job.workers()).isEqualTo(2);
    assertThat(Files.readString(file))
        .contains("# " + without)
        .contains("--name oslo --site oslo --bind HOST:PORT --seeds " + seeds() + " --insecure\n");
  }

  private void itGoesOnWithWhatWasMeasured(Path plan) throws IOException {
    String measured = Files.readString(plan.resolve("sites.yaml"));
    running.values().forEach(DlionProcess::close);
    Told again = plan(seeds());
    assertThat(again.exitCode()).as(again.out() + again.err()).isZero();
    assertThat(again.out())
        .contains("goes on with what was measured before, " + plan.resolve("sites.yaml"))
        .contains("did not answer")
        .doesNotContain("timing gradients", "wall time");
    assertThat(Files.readString(plan.resolve("sites.yaml"))).isEqualTo(measured);
    assertMistake(plan("127.0.0.1:1"), "was measured with --seeds " + seeds() + ", and now it is ");
    assertMistake(plan(seeds(), "--model", "logistic"), "was measured with --model mlp, and now");
    Files.delete(plan.resolve("kept/survey.json"));
    assertMistake(plan(seeds()), "was not measured for this plan; give --environment ");
  }

  @Test
  void mistakesAreSaidInALine() throws IOException {
    String out = folder.resolve("plan").toString();
    String file = Files.writeString(folder.resolve("net.pt"), "a model").toString();
    assertMistake(plan("127.0.0.1:1", "--environment", "homo-a"), "contradicts --environment");
    assertMistake(plan("127.0.0.1:1", "--model", file), "the name of a built-in model");
    assertMistake(plan("127.0.0.1:1", "--certs", out), "--insecure: contradicts --certs");
    assertMistake(plan("127.0.0.1:1", "--cost-per-gb", "-1"), "--cost-per-gb: expected");
    assertMistake(dlion("plan", "--target", "80%"), "--environment: expected");
    assertMistake(
        dlion("plan", "--target", "80%", "--environment", "homo-a", "--insecure", "--out", out),
        "--certs and --insecure: go with --seeds");
    Told nobody = plan("127.0.0.1:1");
    assertThat(nobody.exitCode()).isEqualTo(1);
    assertThat(nobody.err()).contains("no worker at 127.0.0.1:1 can be measured");
  }

  private static void assertMistake(Told told, String message) {
    assertThat(told.err().lines()).hasSize(1);
    assertThat(told.err()).startsWith("dlion: ").contains(message);
    assertThat(told.exitCode()).isEqualTo(2);
  }
}
