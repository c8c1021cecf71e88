package io.dlion.cli.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dlion.core.UserError;
import io.dlion.core.WorkerId;
import io.dlion.core.settings.Options;
import io.dlion.core.settings.Presets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobTest {
  private static final KnownNames NAMES = new KnownNames(List.of("cnn", "mlp"), List.of("shapes"));
  private static final WorkerId W1 = new WorkerId("w1");
  private static final WorkerId W2 = new WorkerId("w2");
  private static final WorkerId W3 = new WorkerId("w3");

  private static Job job(String yaml) {
    return Resolver.resolve(JobFile.parse("job.yaml", yaml), NAMES);
  }

  private static Job job(String yaml, Map<JobKey, List<String>> flags) {
    Draft draft = JobFile.parse("job.yaml", yaml).overriddenBy(Draft.ofFlags(flags));
    return Resolver.resolve(draft, NAMES);
  }

  @Test
  void hasDefaultsForEverything() {
    Job job = job("# nothing\n");
    assertThat(job.data()).isEqualTo("generated:shapes");
    assertThat(job.model()).isEqualTo("auto");
    assertThat(job.preset()).isEqualTo("dlion");
    assertThat(job.settings()).isEqualTo(Presets.find("dlion").settings());
    assertThat(job.workerIds()).containsExactly(W1, W2, W3);
    assertThat(job.goal()).isEqualTo(JobGoal.epochs(8));
    assertThat(job.seed()).isEqualTo(1);
    assertThat(job.out()).isEqualTo("runs");
    assertThat(job.links()).isEqualTo(LinkSpeeds.unshaped());
  }

  @Test
  void readsSettingsDottedAndNested() {
    Job nested = job("set: {batching: {initial: 16}, transfer: {period: 50}}");
    Job dotted = job("set:\n  batching.initial: 16\n  transfer.period: 50\n");
    assertThat(nested).isEqualTo(dotted);
    assertThat(nested.settings().smallInteger("batching.initial")).isEqualTo(16);
  }

  @Test
  void hoursAreAListAndWindowMeansThemToo() {
    Job night = job("hours: 22:00-06:00");
    assertThat(night.hours().toString()).isEqualTo("22:00-06:00");
    assertThat(job("window: 22:00-06:00")).isEqualTo(night);
    Job both = job("hours: [22:00-24:00, '8:05 - 9:00']");
    assertThat(both.hours().toString()).isEqualTo("22:00-00:00, 08:05-09:00");
    assertThat(job(both.toYaml(List.of()))).isEqualTo(both);
    assertThat(job("window: 16").hours()).isEqualTo(TrainingHours.ALWAYS);
  }

  private static String server(Job job) {
    return job.settings().text("server.name");
  }

  @Test
  void whoServesIsAKeyAFlagAndASettingOfWhichTheFlagWins() {
    assertThat(server(job("preset: bsp\nserver: w2"))).isEqualTo("w2");
    assertThat(server(job("preset: bsp\nserver: w2\nset: {server.name: w2}"))).isEqualTo("w2");
    String file = "preset: bsp\nserver: w2";
    assertThat(server(job(file, Map.of(JobKey.SERVER, List.of("w3"))))).isEqualTo("w3");
    assertThat(server(job(file, Map.of(JobKey.SET, List.of("server.name=w3"))))).isEqualTo("w3");
    String resolved = job(file).toYaml(List.of());
    assertThat(server(job(resolved))).isEqualTo("w2");
    assertThat(server(job(resolved, Map.of(JobKey.SERVER, List.of("w3"))))).isEqualTo("w3");
  }

  @Test
  void aServerThatDoesNotTrainIsKnownBeforehand() {
    String dedicated = "preset: bsp\nset: {server.trains: false}\n";
    assertThat(ServerName.dedicated(job("preset: bsp\nserver: w2"))).isEmpty();
    assertThat(ServerName.dedicated(job(dedicated + "server: w2"))).contains(W2);
    assertThat(ServerName.dedicated(job(dedicated))).contains(W1);
    assertThat(ServerName.dedicated(job(dedicated + "link-mbit: 5\nlinks: {w3>w1: 9}")))
        .contains(W3);
  }

  @Test
  void readsListsAndNamedValuesAsFlagsWriteThem() {
    assertThat(job("shares: 5,3,2\nslow: w3=4, w2=2"))
        .isEqualTo(job("shares: [5, 3, 2]\nslow: {w3: 4, w2: 2}"));
  }

  @Test
  void classesAreAListWhoseOrderCounts() {
    List<String> names = List.of("no", "yes", "1.0", "a, b", "Größe", "x: y");
    Job job = job("classes: [no, 'yes', 1.0, \"a, b\", Größe, 'x: y']");
    assertThat(job.reading().classes()).isEqualTo(names);
    assertThat(job(job.toYaml(List.of()))).isEqualTo(job);
    Map<JobKey, List<String>> flags = Map.of(JobKey.CLASSES, List.of("b,a"));
    assertThat(job("classes: [a, b, c]", flags).reading().classes()).containsExactly("b", "a");
    assertThatThrownBy(() -> job("seed: 1\nclasses: [a, b, a]"))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("job.yaml:2: classes: expected different classes, found 'a' twice");
    assertThatThrownBy(() -> job("classes: [a]"))
        .hasMessageContaining("expected the names of 2 to 32,767 classes, found 1");
    assertThatThrownBy(() -> job("stream: incoming\nclasses: [a, b]"))
        .hasMessageContaining("those of a stream: --schema classes=A,B");
  }

  @Test
  void anArrowIsOneDirectionAndWinsOverADash() {
    LinkSpeeds links = job("link-mbit: 20\nlinks: {w2>w1: 10, w1-w2: 5}").links();
    assertThat(links.mbit(W1, W2)).contains(5.0);
    assertThat(links.mbit(W2, W1)).contains(10.0);
    assertThat(links.mbit(W1, W3)).contains(20.0);
    assertThat(LinkSpeeds.unshaped().mbit(W1, W3)).isEmpty();
  }

  @Test
  void flagsWinValueByValueAndNameByName() {
    Job job =
        job(
            "workers: 4\nseed: 7\nslow: {w2: 2, w3: 3}\nset: {transfer.period: 20, batching.initial: 16}",
            Map.of(
                JobKey.WORKERS, List.of("3"),
                JobKey.SLOW, List.of("w3=4"),
                JobKey.SET, List.of("transfer.period=50")));
    assertThat(job.workers()).isEqualTo(3);
    assertThat(job.seed()).isEqualTo(7);
    assertThat(job.slow()).isEqualTo(Map.of(W2, 2.0, W3, 4.0));
    assertThat(job.settings().text("transfer.period")).isEqualTo("50");
    assertThat(job.settings().text("batching.initial")).isEqualTo("16");
  }

  @Test
  void aGoalAmongTheFlagsReplacesTheGoalsOfTheFile() {
    Job job = job("epochs: 8\ntarget-accuracy: 0.9", Map.of(JobKey.TIME, List.of("1h30m")));
    assertThat(job.goal())
        .isEqualTo(
            new JobGoal(
                Optional.empty(),
                Optional.of(Duration.ofMinutes(90)),
                Optional.empty(),
                Optional.empty()));
  }

  @Test
  void patienceIsAddedToTheGoalsThereAre() {
    assertThat(job("patience: 3").goal())
        .isEqualTo(
            new JobGoal(Optional.of(8.0), Optional.empty(), Optional.empty(), Optional.of(3)));
    Job job = job("epochs: 20", Map.of(JobKey.PATIENCE, List.of("5")));
    assertThat(job.goal().epochs()).contains(20.0);
    assertThat(job.goal().patience()).contains(5);
    assertThat(job.toYaml(List.of())).contains("\npatience: 5\n");
    assertThat(job(job.toYaml(List.of()))).isEqualTo(job);
  }

  @Test
  void theBestModelIsKeptUnlessTheLastIsAskedFor() {
    assertThat(job("").keepModel()).isEqualTo(KeepModel.BEST);
    assertThat(job("").toYaml(List.of())).contains("\nkeep-model: best\n");
    Job last = job("keep-model: last");
    assertThat(last.keepModel()).isEqualTo(KeepModel.LAST);
    assertThat(job(last.toYaml(List.of()))).isEqualTo(last);
    assertThatThrownBy(() -> job("keep-model: first"))
        .isInstanceOf(UserError.class)
        .hasMessage("job.yaml:1: keep-model: expected best or last, found \"first\"");
  }

  @Test
  void aPresetAmongTheFlagsReplacesWhatTheFilesPresetImplied() {
    String complete = job("preset: dlion-paper\nset: {batching.initial: 16}").toYaml(List.of());
    Job job = job(complete, Map.of(JobKey.PRESET, List.of("baseline")));
    assertThat(job.settings())
        .isEqualTo(Presets.find("baseline").settings().with("batching.initial", "16"));
  }

  @Test
  void isReadBackEqualFromItsYaml(@TempDir Path folder) throws IOException {
    Path model = Files.createFile(folder.resolve("my model: #1.pt"));
    Path data = Files.createDirectory(folder.resolve("Bilder, größer → \"x\" \uD83D\uDE00"));
    List<Job> jobs =
        List.of(
            job(""),
            job(
                """
                label: 'null'
                partition: dirichlet(0.30)
                shares: [0.1, 1e-7, 12345678901]
                sequence-length: 64
                sequence-by: 'series: no'
                threads: 2
                link-mbit: 0.5
                links: {w1-w2: 5.25, w3>w1: 10}
                slow: {w3: 1.5}
                epochs: 0.25
                time: 3661
                target-accuracy: 1
                seed: -9223372036854775808
                out: ' odd # folder '
                name: a.b-c_1
                preset: local
                set: {optimizer.learning-rate: 1e-3, evaluate.every: 2}
                """),
            job("window: 100\nlabel: state"),
            job(
                "",
                Map.of(
                    JobKey.MODEL, List.of(model.toString()),
                    JobKey.DATA, List.of(data.toString()),
                    JobKey.LABEL, List.of(" tab\t, \\ line\nbreak \u0085\u2028\uFEFF~"))));
    for (Job job : jobs) {
      String yaml = job.toYaml(List.of("first", "two\nlines"));
      assertThat(job(yaml)).as(yaml).isEqualTo(job);
      assertThat(job(yaml).toYaml(List.of("first", "two\nlines"))).isEqualTo(yaml);
      assertThat(yaml).contains(Options.all().stream().map(o -> "  " + o.key() + ": ").toList());
    }
  }

  @Test
  void quotesTextThatYamlWouldTakeForSomethingElse() {
    for (String label :
        List.of(
            "null", "~", "- a", "a: b", "#x", "'", "*a", "&a", "{", "...", "---", "true", "1_0",
            "!x", "%", "@", "a ")) {
      Job job = job("", Map.of(JobKey.LABEL, List.of(label)));
      assertThat(job(job.toYaml(List.of())).reading().table().label()).contains(label);
    }
  }

  @Test
  void makesPathsAbsoluteSoThatTheJobCanBeRepeatedFromElsewhere() {
    Path here = Path.of("").toAbsolutePath();
    assertThat(job("data: src/../pom.xml").data()).isEqualTo(here.resolve("pom.xml").toString());
    assertThat(job("model: ./pom.xml").model()).isEqualTo(here.resolve("pom.xml").toString());
  }

  @Test
  void readsAndWritesDurations() {
    Map<String, Long> seconds =
        Map.of("90", 90L, "60s", 60L, "5m", 300L, "1h30m", 5400L, "2h", 7200L, "1m1s", 61L);
    seconds.forEach((text, expected) -> {
      Duration duration = Durations.parse(text).orElseThrow();
      assertThat(duration).isEqualTo(Duration.ofSeconds(expected));
      assertThat(Durations.parse(Durations.text(duration))).contains(duration);
    });
    for (String none : List.of("", "s", "-5", "5 m", "30m1h", "1d", "1.5h", "99999999999")) {
      assertThat(Durations.parse(none)).as(none).isEmpty();
    }
  }

  @Test
  void namesTheFlagInAnError() {
    assertThatThrownBy(() -> job("", Map.of(JobKey.WORKERS, List.of("three"))))
        .hasMessage("--workers: expected a whole number of at least 1, found \"three\"");
    assertThatThrownBy(() -> job("shares: [1, 1, 1]", Map.of(JobKey.WORKERS, List.of("2"))))
        .hasMessage("job.yaml:1: shares: expected 2 numbers, one for each worker, found 3");
  }

  @Test
  void aSettingWithoutEffectIsAnErrorWithItsPlace() {
    assertThatThrownBy(() -> job("preset: dlion\nset: {exchange.significance: 0.05}\n"))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith("job.yaml:2: exchange.significance=0.05: has no effect with")
        .hasMessageContaining("exchange.method=max-n; expected exchange.method to be significant");
    assertThatThrownBy(
            () -> job("", Map.of(JobKey.SET, List.of("optimizer.averaging=4,local.steps=5"))))
        .hasMessageContaining("optimizer.averaging=4: has no effect with local.steps=5");
  }

  private static final String KAFKA =
      """
      stream: kafka://site:9092/clicks-{worker}
      schema:
        format: json
        features: [clicks, seconds]
        label: bought
        classes: [no, 'yes']
        mean: [1.5, 60]
        std: [1, 30]
      """;

  @Test
  void aStreamHasASchemaAndNoEnd() {
    Job job = job(KAFKA);
    assertThat(job.isWithoutData()).isTrue();
    assertThat(job.goal())
        .isEqualTo(
            new JobGoal(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty()));
    StreamJob stream = job.stream().orElseThrow();
    assertThat(stream.schema())
        .containsEntry("features", "clicks,seconds")
        .containsEntry("classes", "no,yes")
        .containsEntry("mean", "1.5,60");
    assertThat(stream.isOfEachWorker()).isTrue();
    assertThat(stream.addressOf("lyon")).isEqualTo("kafka://site:9092/clicks-lyon");
    assertThat(job.of(new WorkerId("lyon")).stream().orElseThrow().address())
        .isEqualTo("kafka://site:9092/clicks-lyon");
  }

  @Test
  void aStreamIsAFlagTooWhoseSchemaIsGivenKeyByKey() {
    Map<JobKey, List<String>> flags =
        Map.of(
            JobKey.STREAM,
            List.of("kafka://site:9092/clicks-{worker}"),
            JobKey.SCHEMA,
            List.of(
                "format=json",
                "features=clicks,seconds",
                "label=bought",
                "classes=no,yes",
                "mean=1.5,60",
                "std=1,30"));
    assertThat(job("", flags)).isEqualTo(job(KAFKA));
    Job other = job(KAFKA, Map.of(JobKey.SCHEMA, List.of("label=paid")));
    assertThat(other.stream().orElseThrow().schema())
        .containsEntry("label", "paid")
        .containsEntry("format", "json");
  }

  @Test
  void aJobWithAStreamIsReadBackEqual(@TempDir Path folder) throws IOException {
    Path watched = Files.createDirectory(folder.resolve("new, {worker} #1"));
    for (Job job :
        List.of(
            job(KAFKA),
            job("stream: generated:drifting?rate=200&sudden=0\ntime: 5m\nset: {stream.test: 0.05}"),
            job("data: generated:shapes\nstream: mqtt://b:1883/a/%2B/c\nschema: {format: csv}"),
            job("", Map.of(JobKey.STREAM, List.of(watched.toString()))))) {
      String yaml = job.toYaml(List.of());
      assertThat(job(yaml)).as(yaml).isEqualTo(job);
    }
  }

  @Test
  void aWatchedFolderBecomesAbsolute() {
    assertThat(job("stream: in/../src").stream().orElseThrow().address())
        .isEqualTo(Path.of("src").toAbsolutePath().toString());
  }

  @Test
  void goalsThatAStreamCannotReachAreRefused() {
    for (String goal : List.of("epochs: 3", "patience: 2")) {
      assertThatThrownBy(() -> job("stream: generated:drifting\n" + goal))
          .isInstanceOf(UserError.class)
          .hasMessageStartingWith("job.yaml:2: " + goal.substring(0, goal.indexOf(':')))
          .hasMessageContaining("--time or --target-accuracy");
    }
    Job job = job("stream: generated:drifting\ntarget-accuracy: 0.9", Map.of());
    assertThat(job.goal().targetAccuracy()).contains(0.9);
  }

  @Test
  void whatAStreamCannotBeIsAnErrorWithItsPlace() {
    assertThatThrownBy(() -> job("schema: {format: json}"))
        .hasMessageStartingWith("job.yaml:1: schema.format")
        .hasMessageContaining("--stream");
    assertThatThrownBy(() -> job("stream: kafka://host/topic"))
        .hasMessageStartingWith("job.yaml:1: stream ")
        .hasMessageContaining("no HOST:PORT");
    assertThatThrownBy(() -> job("stream: ftp://host/x"))
        .hasMessageContaining("unknown kind of stream 'ftp'");
    assertThatThrownBy(() -> job(KAFKA.replace("label:", "lable:")))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("unknown key 'lable'")
        .hasMessageContaining("label");
    assertThatThrownBy(() -> job("", Map.of(JobKey.SCHEMA, List.of("format"))))
        .hasMessageContaining("--schema: expected KEY=VALUE, found \"format\"");
  }
}
