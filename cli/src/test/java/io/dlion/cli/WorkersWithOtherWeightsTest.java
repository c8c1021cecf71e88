package io.dlion.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dlion.cli.console.Console;
import io.dlion.cluster.line.FreePort;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Workers with TorchScript files of one architecture and other weights, over TCP. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WorkersWithOtherWeightsTest {
  @TempDir private Path folder;

  /** What a command has said, and its exit code. */
  private record Ran(int code, String said) {}

  private static Ran dlion(List<String> arguments) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Console console = Console.plain(bytes, bytes);
    int code = Main.run(arguments.toArray(new String[0]), console, Main.commands(console));
    return new Ran(code, bytes.toString(StandardCharsets.UTF_8));
  }

  private static CompletableFuture<Ran> begin(List<String> arguments) {
    return CompletableFuture.supplyAsync(
        () -> dlion(arguments), task -> Thread.ofPlatform().daemon().start(task));
  }

  /** A file as Python would export it, with weights that follow from the seed. */
  private Path exported(String seed) throws IOException {
    String runs = folder.resolve("made-" + seed).toString();
    Path file = Files.createDirectory(folder.resolve("seed-" + seed)).resolve("net.pt");
    Ran trained =
        dlion(
            List.of(
                "train",
                "--data",
                "generated:blobs",
                "--model",
                "mlp",
                "--workers",
                "1",
                "--epochs",
                "0.01",
                "--seed",
                seed,
                "--threads",
                "1",
                "--out",
                runs));
    assertThat(trained.code()).as(trained.said()).isZero();
    Ran export =
        dlion(
            List.of("export", runs + "/latest", "--format", "torchscript", "--output", file + ""));
    assertThat(export.code()).as(export.said()).isZero();
    return file;
  }

  private List<String> worker(String name, String bind, String seed, Path model) {
    return new ArrayList<>(
        List.of(
            "worker",
            "--name",
            name,
            "--bind",
            bind,
            "--seeds",
            seed,
            "--insecure",
            "--threads",
            "1",
            "--data",
            "generated:blobs",
            "--model",
            model + "",
            "--preset",
            "baseline",
            "--min-workers",
            "2",
            "--epochs",
            "1",
            "--out",
            folder.resolve(name) + ""));
  }

  private JsonNode result(String name) throws IOException {
    return new ObjectMapper()
        .readTree(folder.resolve(name).resolve("latest").resolve("result.json").toFile());
  }

  @Test
  void bulkSynchronousReplicasOfFilesWithOtherWeightsAreEqual() throws Exception {
    String seed = "127.0.0.1:" + FreePort.next();
    CompletableFuture<Ran> one = begin(worker("w1", seed, seed, exported("1")));
    CompletableFuture<Ran> two =
        begin(worker("w2", "127.0.0.1:" + FreePort.next(), seed, exported("2")));
    assertThat(one.get().code()).as(one.get().said()).isZero();
    assertThat(two.get().code()).as(two.get().said()).isZero();
    assertThat(one.get().said() + two.get().said())
        .containsOnlyOnce("begins with the weights of ")
        .containsOnlyOnce("would begin with other weights: it takes over those of this worker");
    assertThat(result("w1").path("loss").asDouble())
        .as("loss of the replica of each")
        .isEqualTo(result("w2").path("loss").asDouble());
  }
}
