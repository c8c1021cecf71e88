package io.dlion.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlion.cli.console.Console;
import io.dlion.core.learn.ExampleShape;
import io.dlion.core.learn.Learner;
import io.dlion.data.tensor.Safetensors;
import io.dlion.engine.ModelSpec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code dlion export --follow} beside training, and as a process of its own. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ExportFollowTest {
  private static final long NANOS_MAX = TimeUnit.SECONDS.toNanos(120);

  private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  @TempDir Path folder;

  private static String dlion(String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Console console = Console.plain(out, out);
    int code = Main.run(arguments, console, Main.commands(console));
    String text = out.toString(StandardCharsets.UTF_8);
    assertThat(code).as(text).isZero();
    return text;
  }

  private String train(String... more) {
    String[] common = {
      "train",
      "--data",
      "generated:blobs",
      "--model",
      "logistic",
      "--workers",
      "2",
      "--threads",
      "1",
      "--out",
      folder.resolve("runs") + ""
    };
    return dlion(Stream.concat(Arrays.stream(common), Arrays.stream(more)).toArray(String[]::new));
  }

  private void await(Callable<Boolean> condition) throws Exception {
    long deadline = System.nanoTime() + NANOS_MAX;
    while (!condition.call()) {
      assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
      LockSupport.parkNanos(POLL_NANOS);
    }
  }

  private static boolean hasRunBegun(Path run) {
    return Files.exists(run.resolve("job.yaml")) && Files.exists(run.resolve("checkpoints"));
  }

  /** Reads a file again and again while it is replaced. */
  private static int readings(Path file, AtomicBoolean over) throws IOException {
    int readings = 0;
    ExampleShape shape = new ExampleShape(List.of(8), ExampleShape.Kind.CLASSIFICATION, 5);
    while (!over.get()) {
      if (!Files.exists(file)) {
        LockSupport.parkNanos(POLL_NANOS);
      } else if (file.toString().endsWith(".pt")) {
        try (Learner learner = ModelSpec.torchScript("served", file, shape).learner(1, 1)) {
          assertThat(learner.parameters().size()).isPositive();
        }
        readings++;
      } else {
        assertThat(Safetensors.read(file).tensors()).isNotEmpty(); // throws where it is not whole
        readings++;
      }
    }
    return readings;
  }

  @Test
  void theFileIsWholeAtEveryMomentAndTheLastOneIsTheRunsModel() throws Exception {
    Path script = folder.resolve("served.pt");
    Path tensors = folder.resolve("served.safetensors");
    Path latest = folder.resolve("runs/latest");
    AtomicBoolean over = new AtomicBoolean();
    try (ExecutorService threads = Executors.newCachedThreadPool()) {
      try {
        Future<String> trained =
            threads.submit(() -> train("--time", "6s", "--set", "checkpoint.every=0.5"));
        Future<Integer> scripts = threads.submit(() -> readings(script, over));
        Future<Integer> weights = threads.submit(() -> readings(tensors, over));
        await(() -> hasRunBegun(latest) || trained.isDone());
        Future<String> other =
            threads.submit(() ->
                dlion(
                    "export", "--follow", latest + "", "--every", "1s", "--output", tensors + ""));
        String said =
            dlion("export", "--follow", latest + "", "--every", "1s", "--output", script + "");
        assertThat(said.lines().filter(line -> line.contains("  wrote " + script)))
            .as(said)
            .hasSizeGreaterThan(2);
        assertThat(said)
            .startsWith("following " + latest.toRealPath())
            .endsWith("the run has ended: " + script + " is its last model\n")
            .contains("checkpoint of w");
        other.get();
        trained.get();
        over.set(true);
        assertThat(scripts.get()).isPositive();
        assertThat(weights.get()).isPositive();
      } finally {
        over.set(true);
      }
    }
    Path model = latest.toRealPath().resolve("model.safetensors");
    assertThat(
            Safetensors.read(tensors)
                .tensors()
                .getFirst()
                .values()
                .mismatch(Safetensors.read(model).tensors().getFirst().values()))
        .isEqualTo(-1);
  }

  @Test
  void aRequestToStopEndsTheProcessInOrder() throws Exception {
    train("--epochs", "0.1");
    Path run = folder.resolve("runs/latest").toRealPath();
    Files.delete(run.resolve("model.safetensors")); // as while it is under way
    Files.delete(run.resolve("result.json"));
    Path log = folder.resolve("log");
    Process process =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElse("java"),
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                Main.class.getName(),
                "export",
                "--follow",
                run + "",
                "--output",
                folder.resolve("m.pt") + "")
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      await(() -> Files.readString(log).contains("wrote") || !process.isAlive());
      process.destroy(); // SIGTERM
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(Files.readString(log)).endsWith("m.pt stays as it is\n");
      assertThat(process.exitValue()).isZero();
    } finally {
      process.destroyForcibly();
    }
  }
}
