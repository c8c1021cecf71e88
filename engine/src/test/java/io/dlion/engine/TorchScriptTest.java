package io.dlion.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dlion.core.UserError;
import io.dlion.core.learn.ExampleShape;
import io.dlion.core.learn.ExampleShape.Kind;
import io.dlion.core.learn.Learner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TorchScriptTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {"logistic", "lstm", "mlp", "cnn", "cipher", "mobilenet", "resnet18", "char-lstm"})
  void anExportedModelIsTheSameModel(String name) throws IOException {
    ExampleShape shape = Training.smallShape(name);
    ModelSpec spec = ModelSpec.builtIn(name, shape);
    RandomExamples examples = new RandomExamples(shape, 16, 1);
    Path file = folder.resolve("model.pt");
    try (Learner original = spec.learner(1, 1)) {
      Training.train(original, examples, 2, 16, 0.02f);
      spec.exportTorchScript(original, file);
      assertThat(Files.size(file)).isLessThan(2 * spec.parameters().bytes() + 50_000);
      ModelSpec read = ModelSpec.torchScript(file, shape);
      assertThat(read.parameters().fingerprint()).isEqualTo(spec.parameters().fingerprint());
      assertThat(read.bufferLayout().fingerprint()).isEqualTo(spec.bufferLayout().fingerprint());
      try (Learner copy = read.learner(99, 1)) {
        assertThat(Training.floats(copy.weights())).isEqualTo(Training.floats(original.weights()));
        assertThat(Training.floats(copy.buffers())).isEqualTo(Training.floats(original.buffers()));
        assertThat(copy.evaluate(examples)).isEqualTo(original.evaluate(examples));
        assertThat(copy.gradient(examples, examples.rows(), 16, 0))
            .isEqualTo(original.gradient(examples, examples.rows(), 16, 0));
        assertThat(Training.floats(copy.gradient()))
            .isEqualTo(Training.floats(original.gradient()));
      }
    }
  }

  @Test
  void learnersOfAFileDoNotShareWeights() throws IOException {
    Path file = exported("mlp", Training.images(1, 8));
    ModelSpec spec = ModelSpec.torchScript(file, Training.images(1, 8));
    RandomExamples examples = new RandomExamples(spec.shape(), 16, 1);
    try (Learner one = spec.learner(0, 1);
        Learner other = spec.learner(0, 1)) {
      float[] before = Training.floats(other.weights());
      Training.train(one, examples, 2, 16, 0.1f);
      assertThat(Training.floats(other.weights())).isEqualTo(before);
      assertThat(Training.floats(one.weights())).isNotEqualTo(before);
    }
  }

  @Test
  void aFileForOtherExamplesIsRefused() throws IOException {
    Path file = exported("cnn", Training.images(1, 12));
    assertRefused(file, Training.images(3, 12), "for inputs [2, 3, 12, 12]");
    assertRefused(file, Training.images(1, 28), "for inputs [2, 1, 28, 28]");
    assertRefused(
        file,
        new ExampleShape(Training.images(1, 12).input(), Kind.CLASSIFICATION, 7),
        "expected outputs [2, 7], found [2, 10]");
  }

  @Test
  void aMissingOrForeignFileIsRefused() throws IOException {
    assertRefused(folder.resolve("none.pt"), Training.images(1, 12), "no such file");
    Path text = folder.resolve("text.pt");
    Files.writeString(text, "not a model\n");
    assertRefused(text, Training.images(1, 12), "not a TorchScript file");
    Path good = exported("mlp", Training.images(1, 8));
    byte[] bytes = Files.readAllBytes(good);
    Path torn = folder.resolve("torn.pt");
    Files.write(torn, Arrays.copyOf(bytes, bytes.length / 2));
    assertRefused(torn, Training.images(1, 8), "not a TorchScript file");
  }

  @Test
  void anExportThatCannotBeWrittenIsAnIoError() {
    ExampleShape shape = Training.images(1, 8);
    ModelSpec spec = ModelSpec.builtIn("logistic", shape);
    try (Learner learner = spec.learner(1, 1)) {
      assertThatThrownBy(
              () -> spec.exportTorchScript(learner, folder.resolve("no/such/folder/model.pt")))
          .isInstanceOf(IOException.class);
    }
  }

  private Path exported(String model, ExampleShape shape) throws IOException {
    ModelSpec spec = ModelSpec.builtIn(model, shape);
    Path file = folder.resolve(model + ".pt");
    try (Learner learner = spec.learner(1, 1)) {
      spec.exportTorchScript(learner, file);
    }
    return file;
  }

  private static void assertRefused(Path file, ExampleShape shape, String message) {
    assertThatThrownBy(() -> ModelSpec.torchScript(file, shape))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith(file.toString())
        .hasMessageContaining(message)
        .message()
        .doesNotContain("\n");
  }
}
