package io.dlion.cli.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dlion.cli.Main;
import io.dlion.cli.checkpoint.ModelFile;
import io.dlion.cli.command.TrainCommand;
import io.dlion.cli.console.Console;
import io.dlion.cli.job.KnownNames;
import io.dlion.cli.model.Exporting.Format;
import io.dlion.cli.model.Exporting.Output;
import io.dlion.cli.run.TrainRun;
import io.dlion.core.Phrase;
import io.dlion.core.UserError;
import io.dlion.data.tensor.NamedTensor;
import io.dlion.data.tensor.Safetensors;
import io.dlion.monitor.run.RunFolder;
import io.dlion.monitor.run.RunLock;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Follows a run whose files the test replaces between looks. */
class FollowedExportTest {
  private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");
  private static final Duration EVERY = Duration.ofSeconds(60);

  @TempDir Path folder;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final Deque<Step> steps = new ArrayDeque<>();
  private int clock;
  private Path run = Path.of("");
  private Path output = Path.of("");
  private Safetensors model = new Safetensors(List.of(), Map.of());
  private String result = "";

  /** What happens between two looks. */
  private interface Step {
    void run() throws IOException;
  }

  /** A run under way that has no checkpoint yet. */
  @BeforeEach
  void trainForAMoment() throws IOException {
    Console console = Console.plain(out, err);
    String[] train = {
      "train",
      "--data",
      "generated:blobs",
      "--model",
      "logistic",
      "--workers",
      "1",
      "--epochs",
      "0.1",
      "--out",
      folder.resolve("runs") + ""
    };
    assertThat(Main.run(train, console, List.of(trainCommand(console)))).as(err + "").isZero();
    run = folder.resolve("runs/latest").toRealPath();
    model = Safetensors.read(run.resolve("model.safetensors"));
    result = Files.readString(run.resolve("result.json"));
    Files.delete(run.resolve("model.safetensors"));
    Files.delete(run.resolve("result.json"));
    Files.delete(run.resolve("checkpoints/w1.safetensors"));
    output = folder.resolve("served.safetensors");
    out.reset();
    err.reset();
  }

  private static CommandLine trainCommand(Console console) {
    return TrainCommand.commandLine(
        new KnownNames(List.of("logistic"), List.of("blobs")), new TrainRun(), console);
  }

  @AfterEach
  void everythingHappened() {
    assertThat(steps).isEmpty();
  }

  /** Writes a model of which every value is the same. */
  private void save(Path file, float value, long iteration) throws IOException {
    List<NamedTensor> tensors =
        model.tensors().stream()
            .map(t -> new NamedTensor(t.name(), t.shape(), all(t, value)))
            .toList();
    Map<String, String> metadata = new HashMap<>(model.metadata());
    metadata.put(ModelFile.SAVED, NOW.plusSeconds(clock++).toString());
    metadata.put("iteration", Long.toString(iteration));
    metadata.put("samples", Long.toString(32 * iteration));
    metadata.put("samples-of.w9", "1000");
    metadata.put("best.accuracy", "0.75");
    Safetensors.write(file, tensors, metadata);
  }

  private static MemorySegment all(NamedTensor tensor, float value) {
    float[] values = new float[(int) tensor.values().byteSize() / 4];
    Arrays.fill(values, value);
    return MemorySegment.ofArray(values);
  }

  private Path checkpoint(String worker) {
    return run.resolve("checkpoints/" + worker + ".safetensors");
  }

  private float exported() throws IOException {
    return Safetensors.read(output)
        .tensors()
        .getFirst()
        .values()
        .getAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, 0);
  }

  private int follow(Format format) throws IOException, InterruptedException {
    try (ModelWatch watch = new ModelWatch(RunFolder.open(run))) {
      FollowedExport export =
          new FollowedExport(
              watch,
              new Output(format, output, Optional.of(EVERY)),
              Console.plain(out, err),
              Clock.fixed(NOW, ZoneOffset.UTC));
      return export.run(EVERY, this::nextStep);
    }
  }

  /** Asks to stop when nothing is left to happen. */
  private boolean nextStep(Duration time) {
    assertThat(time).isEqualTo(EVERY);
    Step step = steps.poll();
    try {
      if (step != null) {
        step.run();
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return step == null;
  }

  private List<String> said() {
    return out.toString(StandardCharsets.UTF_8).lines().toList();
  }

  private List<String> warned() {
    return err.toString(StandardCharsets.UTF_8).lines().toList();
  }

  @Test
  void aNewerCheckpointReplacesTheFileAndNothingElseDoes() throws Exception {
    Path w1 = checkpoint("w1");
    steps.add(() -> {
      assertThat(output).doesNotExist();
      save(w1, 1, 10);
    });
    steps.add(() -> {
      assertThat(exported()).isEqualTo(1);
      Files.delete(output); // a second writing would be seen
    });
    steps.add(() -> {
      assertThat(output).as("nothing is new").doesNotExist();
      save(checkpoint("w2"), 2, 20);
    });
    steps.add(() -> {
      assertThat(exported()).isEqualTo(2);
      Files.writeString(run.resolve("checkpoints/w1.safetensors.tmp"), "being written");
    });
    assertThat(follow(Format.SAFETENSORS)).isZero();
    assertThat(said())
        .containsExactly(
            "following "
                + run
                + ": its newest model goes to "
                + output
                + ", a look every 1m; Ctrl-C ends it",
            "waiting for the first checkpoint of " + run + " since 2026-03-01 10:00:00",
            "2026-03-01 10:00:00  wrote "
                + output
                + size()
                + ": checkpoint of w1, iteration 10, 1,320 samples, best evaluation so far 75.0 %"
                + " accuracy",
            "2026-03-01 10:00:00  wrote "
                + output
                + size()
                + ": checkpoint of w2, iteration 20, 1,640 samples, best evaluation so far 75.0 %"
                + " accuracy",
            "stopped: " + output + " stays as it is");
    assertThat(warned()).isEmpty();
  }

  private String size() throws IOException {
    return Phrase.of(" (%.1f kB)", Files.size(output) / 1000.0);
  }

  @Test
  void whatIsBrokenOrNotFiniteIsNotExportedAndSaidOnce() throws Exception {
    Path w1 = checkpoint("w1");
    save(w1, 1, 10);
    steps.add(() -> {
      byte[] whole = Files.readAllBytes(w1);
      Files.write(w1, Arrays.copyOf(whole, whole.length / 2));
    });
    steps.add(() -> {
      assertThat(exported()).isEqualTo(1);
      assertThat(warned()).hasSize(1);
    });
    steps.add(() -> save(w1, Float.NaN, 20));
    steps.add(() -> {
      assertThat(exported()).isEqualTo(1);
      assertThat(warned()).hasSize(2);
    });
    steps.add(() -> {
      save(checkpoint("w2"), 3, 30);
      save(w1, Float.POSITIVE_INFINITY, 40);
    });
    steps.add(() -> assertThat(exported()).as("the one before the broken one").isEqualTo(3));
    assertThat(follow(Format.SAFETENSORS)).isZero();
    assertThat(warned()).hasSize(3);
    assertThat(warned().get(0)).startsWith("warning: not exported: " + w1).contains("not a whole");
    assertThat(warned().get(1))
        .isEqualTo("warning: not exported: " + w1 + ": has values that are not finite");
  }

  @Test
  void endsWithTheRunsOwnModelOnceNobodyTrains() throws Exception {
    RunFolder followed = RunFolder.open(run);
    RunLock lock = RunLock.take(followed, _ -> {});
    save(checkpoint("w1"), 1, 10);
    steps.add(() -> save(followed.model(), 2, 11));
    steps.add(() -> {
      assertThat(exported()).isEqualTo(2);
      Files.writeString(followed.result(), result);
    });
    steps.add(lock::close); // only now the run is put away
    assertThat(follow(Format.SAFETENSORS)).isZero();
    assertThat(said().getLast()).isEqualTo("the run has ended: " + output + " is its last model");
    assertThat(follow(Format.SAFETENSORS)).as("one that ended before").isZero();
    assertThat(said().get(said().size() - 2))
        .matches(".*: the model that the run left at its end, [0-9.]+ % accuracy");
  }

  @Test
  void aRunThatGoesOnAfterItsEndIsFollowedOn() throws Exception {
    RunFolder followed = RunFolder.open(run);
    save(checkpoint("w1"), 1, 10);
    save(followed.model(), 2, 11);
    Files.writeString(followed.result(), result);
    RunLock lock = RunLock.take(followed, _ -> {});
    steps.add(() -> {
      assertThat(exported()).isEqualTo(2);
      save(checkpoint("w1"), 3, 12);
    });
    steps.add(() -> assertThat(exported()).isEqualTo(3));
    assertThat(follow(Format.SAFETENSORS)).isZero();
    lock.close();
    assertThat(said().getLast()).startsWith("stopped");
  }

  @Test
  void aFailureOfTheDiskIsToldAndTriedAgain() throws Exception {
    Path place = Files.createDirectory(folder.resolve("gone"));
    output = place.resolve("m.safetensors");
    save(checkpoint("w1"), 1, 10);
    Files.delete(place);
    steps.add(() -> {});
    steps.add(() -> Files.createDirectory(place));
    steps.add(() -> assertThat(exported()).isEqualTo(1));
    assertThat(follow(Format.SAFETENSORS)).isZero();
    assertThat(warned()).hasSize(1);
    assertThat(warned().getFirst()).contains(output + "").endsWith("; the next look tries again");
  }

  @Test
  void aFolderThatIsRemovedEndsIt() throws Exception {
    Path away = folder.resolve("away");
    steps.add(() -> Files.move(run, away));
    assertThatThrownBy(() -> follow(Format.SAFETENSORS))
        .isInstanceOf(UserError.class)
        .hasMessage(run + ": the run's folder has been removed");
  }
}
