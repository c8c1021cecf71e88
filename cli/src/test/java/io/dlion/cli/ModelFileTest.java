package io.dlion.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dlion.cli.console.Console;
import io.dlion.core.UserError;
import io.dlion.core.learn.ExampleShape;
import io.dlion.core.learn.Learner;
import io.dlion.data.tensor.ElementType;
import io.dlion.data.tensor.NamedTensor;
import io.dlion.data.tensor.Safetensors;
import io.dlion.engine.ModelSpec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Models that come as TorchScript files, trained, resumed, judged and taken away by commands. */
class ModelFileTest {
  private static final ExampleShape BLOBS =
      new ExampleShape(List.of(8), ExampleShape.Kind.CLASSIFICATION, 5);

  @TempDir private Path folder;

  private String out = "";
  private String err = "";

  private int dlion(String... arguments) {
    ByteArrayOutputStream outBytes = new ByteArrayOutputStream();
    ByteArrayOutputStream errBytes = new ByteArrayOutputStream();
    Console console = Console.plain(outBytes, errBytes);
    int code = Main.run(arguments, console, Main.commands(console));
    out = outBytes.toString(StandardCharsets.UTF_8);
    err = errBytes.toString(StandardCharsets.UTF_8);
    return code;
  }

  private int train(Path model, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of("train", "--threads", "1", "--out", runs(), "--model", model.toString()));
    if (!List.of(more).contains("--data")) {
      arguments.addAll(List.of("--data", "generated:blobs"));
    }
    arguments.addAll(List.of(more));
    return dlion(arguments.toArray(new String[0]));
  }

  private String runs() {
    return folder.resolve("runs").toString();
  }

  private Path latest() throws IOException {
    return folder.resolve("runs/latest").toRealPath();
  }

  /** A model as Python wrote it; resources/models/make.py says which. */
  private Path model(String name) throws IOException {
    Path file = folder.resolve(name);
    try (var resource = ModelFileTest.class.getResourceAsStream("/models/" + name)) {
      Files.copy(java.util.Objects.requireNonNull(resource), file);
    }
    return file;
  }

  // ---- where the file is, and what it is called

  @ParameterizedTest
  @ValueSource(strings = {"net.pt", "net.pth", "net.ts", "NET.PT", "net.v2.torchscript", "net"})
  void aRunNeedsItsModelFileNoMoreWhateverItWasCalled(String name) throws IOException {
    Path file = folder.resolve(name);
    ModelSpec logistic = ModelSpec.builtIn("logistic", BLOBS);
    try (Learner learner = logistic.learner(1, 1)) {
      logistic.exportTorchScript(learner, file);
    }
    assertThat(train(file, "--epochs", "0.2", "--workers", "1")).as(err).isZero();
    Path run = latest();
    assertThat(run.getFileName().toString())
        .endsWith("-blobs-" + name.replaceFirst("[.][^.]*$", "") + "-dlion");
    if (name.equals("net.pth")) {
      Files.writeString(file, "another file of the same name");
    } else {
      Files.delete(file);
    }
    assertThat(dlion("evaluate", run.toString())).as(err).isZero();
    assertThat(dlion("train", "--resume", run.toString(), "--epochs", "0.4")).as(err).isZero();
    for (String format : List.of("torchscript", "safetensors")) {
      String output = folder.resolve("exported." + format).toString();
      assertThat(dlion("export", run.toString(), "--format", format, "--output", output))
          .as(err)
          .isZero();
    }
  }

  @Test
  void aFileThatIsNotThereIsSaidToBeMissing() {
    assertThat(train(folder.resolve("none.pth"))).isEqualTo(2);
    assertThat(err).contains("none.pth: no such file (expected a TorchScript file)");
  }

  // ---- batch norm

  @ParameterizedTest
  @ValueSource(
      strings = {
        "dlion",
        "dlion-paper",
        "baseline",
        "hop",
        "gaia",
        "ako",
        "diloco",
        "noloco",
        "sparseloco",
        "diloco-async",
        "local"
      })
  void everyMethodTrainsAModelWithBatchNorm(String preset) throws IOException {
    Path file = model("batch_norm.pt");
    assertThat(
            train(
                file,
                "--preset",
                preset,
                "--set",
                "batching.initial=1",
                "--slow",
                "w3=4",
                "--epochs",
                "0.1"))
        .as(err)
        .isZero();
    JsonNode result = new ObjectMapper().readTree(latest().resolve("result.json").toFile());
    assertThat(result.path("stoppedBy").asText()).isEqualTo("epochs");
    Path exported = folder.resolve("m.safetensors");
    assertThat(dlion("export", latest() + "", "--format", "safetensors", "--output", exported + ""))
        .as(err)
        .isZero();
    assertThat(Safetensors.read(exported).tensors())
        .extracting(NamedTensor::name)
        .containsExactlyInAnyOrder(
            "0.weight",
            "0.bias",
            "1.weight",
            "1.bias",
            "1.running_mean",
            "1.running_var",
            "1.num_batches_tracked",
            "3.weight",
            "3.bias");
    NamedTensor count = tensor(exported, "1.num_batches_tracked");
    assertThat(count.type()).isEqualTo(ElementType.I64);
    assertThat(count.shape()).isEmpty();
    assertThat(count.values().get(ValueLayout.JAVA_LONG, 0)).isPositive();
  }

  @Test
  void theCountOfBatchesGoesOnFromACheckpoint() throws IOException {
    assertThat(train(model("batch_norm.pt"), "--epochs", "0.1", "--workers", "1")).isZero();
    Path run = latest();
    long before = batches(run);
    assertThat(before).isPositive();
    assertThat(dlion("train", "--resume", run + "", "--epochs", "0.2")).as(err).isZero();
    assertThat(batches(run)).isGreaterThan(before);
  }

  private static long batches(Path run) throws IOException {
    return tensor(run.resolve("model.safetensors"), "1.num_batches_tracked")
        .values()
        .get(ValueLayout.JAVA_LONG, 0);
  }

  @Test
  void aShareOfOneExampleIsTooSmallForBatchNorm() throws IOException {
    StringBuilder table = new StringBuilder("a,b,c,d,e,f,g,h,y\n");
    for (int i = 0; i < 40; i++) {
      table.append((i + ".5,").repeat(8)).append("class").append(i % 5).append('\n');
    }
    Path data = Files.writeString(folder.resolve("t.csv"), table);
    assertThat(train(model("batch_norm.pt"), "--data", data + "", "--shares", "40,40,1"))
        .isEqualTo(2);
    assertThat(err)
        .contains("batches of at least 2 examples (batch norm), and the share of w3 has 1;");
    assertThat(folder.resolve("runs")).doesNotExist();
  }

  // ---- constant buffers

  @Test
  void aMaskOfInfinitiesStaysWhereItIs() throws IOException {
    Path data = Files.writeString(folder.resolve("t.txt"), "abcdefgh".repeat(400));
    assertThat(
            train(
                model("causal_mask.pt"),
                "--data",
                data + "",
                "--sequence-length",
                "8",
                "--workers",
                "2",
                "--epochs",
                "2",
                "--set",
                "transfer.period=1"))
        .as(err)
        .isZero();
    assertThat(out).doesNotContain("not finite").contains("making one model");
    Path run = latest();
    for (String worker : List.of("w1", "w2")) {
      assertThat(Safetensors.read(run.resolve("checkpoints/" + worker + ".safetensors")).tensors())
          .extracting(NamedTensor::name)
          .contains("q.weight")
          .doesNotContain("mask");
    }
    NamedTensor mask = tensor(run.resolve("model.safetensors"), "mask");
    assertThat(mask.shape()).containsExactly(8L, 8L);
    assertThat(mask.values().getAtIndex(ValueLayout.JAVA_FLOAT, 1))
        .isEqualTo(Float.NEGATIVE_INFINITY);
    assertThat(dlion("evaluate", run.toString())).as(err).isZero();
    assertThat(dlion("train", "--resume", run + "", "--epochs", "3")).as(err).isZero();
  }

  private static NamedTensor tensor(Path file, String name) throws IOException {
    return Safetensors.read(file).tensors().stream()
        .filter(t -> t.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new UserError(file + " has no " + name));
  }
}
