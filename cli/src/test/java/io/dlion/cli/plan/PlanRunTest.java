package io.dlion.cli.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dlion.cli.command.WorkerCommand;
import io.dlion.cli.console.Console;
import io.dlion.cli.job.Draft;
import io.dlion.cli.job.Job;
import io.dlion.cli.job.JobFile;
import io.dlion.cli.job.KnownNames;
import io.dlion.cli.job.Resolver;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/**
 * {@code dlion plan} on data and sites that are small: what it leaves, stopped and gone on with.
 */
class PlanRunTest {
  private static final KnownNames NAMES =
      new KnownNames(List.of("logistic", "mlp"), List.of("blobs"));
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path folder;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @BeforeEach
  void sites() throws IOException {
    Files.writeString(
        folder.resolve("shops.yaml"),
        """
        workers:
          - {name: lyon, site: lyon, speed: 4, mbit: 20}
          - {name: nice, site: nice, speed: 2, mbit: 10}
          - {name: brest, site: brest, speed: 1, mbit: 2}
        calibration: {alpha-seconds: 0.01, beta-seconds: 0.001}
        """);
  }

  private String common() {
    return "--environment "
        + folder.resolve("shops.yaml")
        + " --data generated:blobs --model logistic --cores 1 --cost-per-gb 0.08 ";
  }

  private int plan(Planning planning, String arguments) throws Exception {
    CommandLine plan = PlanCommand.commandLine(NAMES, planning, Console.plain(out, err));
    new CommandLine(CommandSpec.create().name("dlion"))
        .addSubcommand(plan)
        .parseArgs(("plan " + common() + arguments).split(" "));
    return plan.<PlanCommand>getCommand().call();
  }

  private int plan(BooleanSupplier stopped, String arguments) throws Exception {
    return plan(new PlanRun(stopped), arguments);
  }

  private String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private static long kept(Path plan) {
    if (!Files.exists(plan)) {
      return 0;
    }
    try (Stream<Path> files = Files.walk(plan)) {
      return files.filter(f -> f.toString().matches(".*(rung|-seed).*")).count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aStoppedPlanGoesOnAndComesToTheSame() throws Exception {
    String arguments = "--preset dlion,diloco --target 60% --budget 6s --trials 2 --runs 2 --out ";
    Path whole = folder.resolve("whole");
    Path parts = folder.resolve("parts");
    assertThat(plan(() -> false, arguments + whole)).isZero();
    JsonNode json = JSON.readTree(whole.resolve("plan.json").toFile());
    assertThat(json.path("reached").asBoolean()).isTrue();
    assertThat(json.path("verdict").asText())
        .startsWith(json.path("recommended").path("name").asText() + " reaches 60.0 % after ");
    assertThat(json.path("sites").path("environment").asText()).isEqualTo("shops");
    assertThat(json.path("links")).hasSize(6);
    assertThat(json.path("whatIf")).hasSize(3);
    assertThat(out()).contains("PLAN: " + json.path("verdict").asText());

    // Six trials, then runs: stopped among the latter, and then among the improvements.
    assertThat(plan(() -> kept(parts) >= 8, arguments + parts)).isEqualTo(1);
    assertThat(plan(() -> kept(parts) >= 12, arguments + parts)).isEqualTo(1);
    assertThat(out()).contains("stopped on request: what is done is kept in " + parts);
    assertThat(parts.resolve("plan.json")).doesNotExist();
    out.reset();
    assertThat(plan(() -> false, arguments + parts)).isZero();
    assertThat(out().lines().filter(line -> line.endsWith("(kept)")).count()).isGreaterThan(11);
    String same = Files.readString(parts.resolve("plan.json")).replace(parts.toString(), "OUT");
    assertThat(same)
        .isEqualTo(Files.readString(whole.resolve("plan.json")).replace(whole.toString(), "OUT"));
  }

  @Test
  void betterSitesAreLeftOutWhereNobodyAsksForThem() throws Exception {
    Path plan = folder.resolve("short");
    String arguments = "--preset dlion --target 30% --budget 2s --trials 1 --runs 2 --no-what-if";
    assertThat(plan(() -> false, arguments + " --out " + plan)).isZero();
    assertThat(JSON.readTree(plan.resolve("plan.json").toFile()).path("whatIf").size()).isZero();
    assertThat(out()).doesNotContain("what if");
    assertThat(Files.readString(plan.resolve("plan.html"))).contains("Not looked at");
  }

  @Test
  void theJobFileIsOneThatWorkersTake() throws Exception {
    Path plan = folder.resolve("plan");
    String arguments = "--preset dlion --target 80% --budget 6s --trials 1 --runs 2 --out ";
    assertThat(plan(() -> false, arguments + plan)).isZero();
    Path file = plan.resolve("job.yaml");
    Draft draft = JobFile.read(file);
    Job job = Resolver.resolve(draft, NAMES);
    assertThat(job.preset()).isEqualTo("dlion");
    assertThat(job.model()).isEqualTo("logistic");
    assertThat(job.workers()).isEqualTo(3);
    assertThat(job.goal().targetAccuracy()).hasValue(0.8);
    JsonNode json = JSON.readTree(plan.resolve("plan.json").toFile());
    assertThat(JSON.valueToTree(job.settings().asMap()).equals(json.at("/recommended/settings")))
        .isTrue();
    assertThat(Files.readString(file))
        .contains("#   dlion worker job.yaml --name lyon --site lyon");

    List<Job> taken = new ArrayList<>();
    CommandLine worker =
        WorkerCommand.commandLine(
            NAMES,
            (its, place, console) -> {
              taken.add(its);
              return 0;
            },
            Console.plain(out, err));
    int code =
        new CommandLine(CommandSpec.create().name("dlion"))
            .addSubcommand(worker)
            .execute(
                "worker",
                file.toString(),
                "--name=lyon",
                "--bind=127.0.0.1:7800",
                "--seeds=127.0.0.1:7800",
                "--insecure");
    assertThat(code).isZero();
    assertThat(taken).containsExactly(job);
  }

  @Test
  void theReportLoadsNothingAndTellsOfSitesThatWereSilent() throws Exception {
    Path plan = folder.resolve("plan");
    List<PlanRequest> asked = new ArrayList<>();
    Planning keeping =
        (request, console) -> {
          asked.add(request);
          return 0;
        };
    String arguments = "--preset dlion --target 80% --budget 6s --trials 1 --runs 2 --out ";
    assertThat(plan(keeping, arguments + plan)).isZero();
    PlanRequest request = asked.getFirst();
    Sites some =
        new Sites(
            request.sites().environment(),
            "workers that answered",
            "measured",
            List.of("10.0.0.9:7800 <metz> did not answer"),
            Optional.empty());
    PlanRequest changed =
        new PlanRequest(
            some,
            request.methods(),
            request.fixed(),
            request.draft(),
            request.job(),
            request.names(),
            request.target(),
            request.budget(),
            request.evaluateEvery(),
            request.trials(),
            request.runs(),
            request.sample(),
            request.costPerGb(),
            request.whatIf(),
            request.like(),
            request.cores(),
            request.out(),
            request.command());
    assertThat(new PlanRun().run(changed, Console.plain(out, err))).isZero();
    String silent = "10.0.0.9:7800 <metz> did not answer: planned without it";
    assertThat(err.toString(StandardCharsets.UTF_8)).contains("warning: " + silent);
    assertThat(out()).contains(silent);
    String html = Files.readString(plan.resolve("plan.html"));
    assertThat(html)
        .contains("10.0.0.9:7800 &lt;metz&gt; did not answer: planned without it")
        .contains("<svg xmlns=")
        .contains("default-src 'none'")
        .doesNotContain("<script", "src=", "<link", "{{", "prefers-color-scheme");
  }

  @Test
  void aTargetThatNoneReachesIsSaidAndTheBestGetsAJob() throws Exception {
    Path plan = folder.resolve("none");
    String arguments = "--preset diloco --target 100% --budget 2s --trials 1 --runs 2 --out ";
    assertThat(plan(() -> false, arguments + plan)).isZero();
    assertThat(out())
        .containsPattern(
            "NOT REACHED: none reaches 100\\.0 % in 2 s; the best, diloco, got to \\d+\\.\\d %");
    assertThat(Files.readString(plan.resolve("job.yaml")))
        .contains("none reaches 100.0 % in 2 s", "This is the job of diloco all the same");
    assertThat(plan.resolve("plan.html")).exists();
    JsonNode json = JSON.readTree(plan.resolve("plan.json").toFile());
    assertThat(json.path("reached").asBoolean()).isFalse();
    assertThat(json.at("/methods/0/secondsToTarget").isNull()).isTrue();
  }

  @Test
  void runsOnOtherSitesAreALine() throws Exception {
    String arguments = "--preset dlion --target 80% --budget 2s --trials 1 --runs 2 --out ";
    Path plan = folder.resolve("plan");
    assertThat(plan(() -> true, arguments + plan)).isEqualTo(1);
    Files.writeString(
        folder.resolve("shops.yaml"), "workers: [{count: 2, sites: 2, speed: 1, mbit: 5}]");
    assertThatThrownBy(() -> plan(() -> true, arguments + plan))
        .hasMessageMatching(
            ".*kept: has trials with sites shops.yaml, checksum \\w+, and now it is shops.yaml,"
                + " checksum \\w+; give the same to go on with them, or another --out");
  }
}
