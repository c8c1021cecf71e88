package io.dlion.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.dlion.core.UserError;
import io.dlion.core.layout.Variable;
import io.dlion.core.learn.ExampleShape.Kind;
import io.dlion.core.learn.ExampleShape;
import io.dlion.core.learn.Learner;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is found out about a TorchScript file when it is loaded, and that it can then be used. */
class TrialTest {
  private static final ExampleShape TABLE = Training.table(Kind.CLASSIFICATION, 4, 3);
  private static final String LINEAR = "y = torch.matmul(x, self.w)";
  private static final String BATCH_NORM =
      "y = torch.batch_norm(y, None, None, self.mean, self.var, %s, 0.1, 1e-05, False)";

  @TempDir Path folder;

  private Path table(String... lines) {
    try (ScriptedModule module = new ScriptedModule()) {
      return module.weight("w", 4, 3).save(folder.resolve("m.pt"), lines);
    }
  }

  private Path batchNorm(String training, String... before) {
    try (ScriptedModule module = new ScriptedModule()) {
      String[] lines = new String[before.length + 3];
      System.arraycopy(before, 0, lines, 0, before.length);
      lines[before.length] = LINEAR;
      lines[before.length + 1] = BATCH_NORM.replace("%s", training);
      lines[before.length + 2] = "return y";
      return module
          .weight("w", 4, 3)
          .buffer("mean", torch.zeros(3))
          .buffer("var", torch.ones(3))
          .buffer("num_batches_tracked", torch.zeros(new long[0], int64()))
          .save(folder.resolve("m.pt"), lines);
    }
  }

  private static TensorOptions int64() {
    return new TensorOptions(ScalarType.Long);
  }

  // ---- layout of images

  private Path convolution(int channels, String flattened) {
    try (ScriptedModule module = new ScriptedModule()) {
      return module
          .weight("conv", 6, channels, 3, 3)
          .weight("fc", 10, 6 * 64)
          .save(
              folder.resolve("m.pt"),
              "y = torch.conv2d(x, self.conv, None, [1, 1], [1, 1], [1, 1], 1)",
              "return torch.linear(torch.relu(" + flattened + "), self.fc)");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "1; y.view(x.size(0), -1)",
        "3; y.view(x.size(0), -1)",
        "3; y.contiguous().as_strided([x.size(0), 384], [384, 1]) + x.as_strided([1, 1], [1, 1], 5)"
      })
  void aModelThatLooksAtTheMemoryOfATensorGetsContiguousImages(int channels, String flattened) {
    ExampleShape shape = Training.images(channels, 8);
    ModelSpec spec = ModelSpec.torchScript(convolution(channels, flattened), shape);
    assertThat(spec.traits().contiguous()).isTrue();
    RandomExamples examples = new RandomExamples(shape, 4, 1);
    try (Learner learner = spec.learner(1, 1)) {
      double[] losses = Training.train(learner, examples, 20, 4, 0.02f);
      assertThat(losses[19]).isLessThan(losses[0]);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"y.reshape(x.size(0), -1)", "torch.flatten(y, 1, -1)"})
  void othersKeepTheFastLayoutAndComputeTheSame(String flattened) {
    ExampleShape shape = Training.images(3, 8);
    ModelSpec fast = ModelSpec.torchScript(convolution(3, flattened), shape);
    assertThat(fast.traits().contiguous()).isFalse();
    RandomExamples examples = new RandomExamples(shape, 4, 1);
    try (Learner learner = fast.learner(1, 1)) {
      double loss = learner.gradient(examples, examples.rows(), 4, 0);
      ModelSpec viewing = ModelSpec.torchScript(convolution(3, "y.view(x.size(0), -1)"), shape);
      try (Learner other = viewing.learner(1, 1)) {
        assertThat(other.gradient(examples, examples.rows(), 4, 0)).isCloseTo(loss, within(1e-5));
      }
    }
  }

  @Test
  void aModelThatViewsOnlyInTrainingGetsContiguousImages() {
    String flattened = "(y.view(x.size(0), -1) if self.training else y.reshape(x.size(0), -1))";
    ModelSpec spec = ModelSpec.torchScript(convolution(3, flattened), Training.images(3, 8));
    assertThat(spec.traits().contiguous()).isTrue();
  }

  // ---- batches

  @ParameterizedTest
  @ValueSource(
      strings = {
        "pass", // as in a traced module: the variance of one sample is not a number
        "assert x.size(0) > 1 or not self.training, 'Expected more than 1 value'"
      })
  void aModelThatNormalisesOverTheBatchNeedsTwoExamples(String first) {
    ModelSpec spec = ModelSpec.torchScript(batchNorm("self.training", first), TABLE);
    assertThat(spec.minimumBatch()).isEqualTo(2);
    RandomExamples examples = new RandomExamples(TABLE, 9, 1);
    try (Learner learner = spec.learner(1, 1)) {
      assertThat(learner.minimumBatch()).isEqualTo(2);
      assertThat(learner.gradient(examples, examples.rows(), 2, 0)).isFinite();
      assertThatThrownBy(() -> learner.gradient(examples, examples.rows(), 1, 0))
          .hasMessageContaining("expected 2 to 9, found 1");
      assertThat(Training.floats(learner.buffers())).doesNotContain(Float.NaN);
      assertThat(learner.evaluate(examples.only(0)).loss()).isFinite();
    }
  }

  @Test
  void evaluationFillsUpWhatIsLessThanTheModelTakes() {
    Path file = table(LINEAR, "assert x.size(0) > 1", "return y");
    RandomExamples examples = new RandomExamples(TABLE, 65, 1); // a chunk of 64 and one of 1
    try (Learner learner = ModelSpec.torchScript(file, TABLE).learner(1, 1);
        Learner plain = ModelSpec.torchScript(table(LINEAR, "return y"), TABLE).learner(1, 1)) {
      assertThat(learner.minimumBatch()).isEqualTo(2);
      assertThat(plain.minimumBatch()).isEqualTo(1);
      assertThat(learner.evaluate(examples)).isEqualTo(plain.evaluate(examples));
    }
  }

  @Test
  void aModelForOneExampleAtATimeIsRefused() {
    assertRefused(table("return torch.matmul(x.view(1, 4), self.w)"), "batches of one example");
  }

  // ---- modes

  @Test
  void aModelThatWasTracedInTrainingModeIsRefused() {
    for (Path file :
        List.of(batchNorm("True"), table(LINEAR, "return torch.dropout(y, 0.5, True)"))) {
      assertRefused(file, "traced in training mode", "model.eval()", "torch.jit.script");
    }
  }

  @Test
  void aFileThatWasWrittenInEvaluationModeIsTrainedInTrainingMode() throws IOException {
    ModelSpec spec = ModelSpec.torchScript(batchNorm("self.training"), TABLE);
    Path kept = folder.resolve("kept.pt");
    spec.keep(kept); // in evaluation mode
    RandomExamples examples = new RandomExamples(TABLE, 9, 1);
    try (Learner learner = ModelSpec.torchScript(kept, TABLE).learner(1, 1)) {
      float[] before = Training.floats(learner.buffers());
      learner.gradient(examples, examples.rows(), 9, 0);
      assertThat(Training.floats(learner.buffers())).isNotEqualTo(before);
    }
  }

  @Test
  void dropoutThatFollowsTheModeIsTaken() {
    Path file = table(LINEAR, "return torch.dropout(y, 0.5, self.training)");
    assertThat(ModelSpec.torchScript(file, TABLE).traits().drawsRandomNumbers()).isTrue();
  }

  // ---- buffers

  private Path masked(float mask, String... lines) {
    try (ScriptedModule module = new ScriptedModule()) {
      return module
          .weight("w", 4, 3)
          .buffer("mask", torch.zeros(3).fill_(new Scalar(mask)))
          .buffer("positions", torch.zeros(new long[] {3}, int64()))
          .buffer("mean", torch.zeros(3))
          .buffer("steps", torch.zeros(new long[0], int64()))
          .save(folder.resolve("m.pt"), lines);
    }
  }

  @Test
  void buffersThatTrainingDoesNotChangeAreNotPartOfAReplica() throws IOException {
    String[] lines = {LINEAR, "return torch.where(y > 1e9, self.mask, y) + self.positions"};
    ModelSpec spec = ModelSpec.torchScript(masked(Float.NEGATIVE_INFINITY, lines), TABLE);
    assertThat(spec.bufferLayout().variables()).isEmpty();
    assertThat(spec.constants()).hasSize(16);
    assertThat(ModelSpec.torchScript(masked(Float.NEGATIVE_INFINITY, lines), TABLE).constants())
        .isEqualTo(spec.constants());
    assertThat(ModelSpec.torchScript(masked(-1e9f, lines), TABLE).constants())
        .isNotEqualTo(spec.constants());
    try (Learner learner = spec.learner(1, 1)) {
      Path back = folder.resolve("back.pt");
      assertThat(spec.state(learner))
          .extracting(t -> t.name() + " " + t.type())
          .containsExactlyInAnyOrder("w F32", "mask F32", "positions I64", "mean F32", "steps I64");
      spec.exportTorchScript(learner, back);
      assertThat(ModelSpec.torchScript(back, TABLE).constants()).isEqualTo(spec.constants());
    }
  }

  /** Python before 1.11 wrote batch norm's count like this, and many write averages so. */
  @Test
  void buffersInWhosePlaceTheModelPutsNewOnesAreFollowed() {
    ModelSpec spec =
        ModelSpec.torchScript(
            masked(
                0,
                "if self.training:",
                "    self.mean = self.mean * 0.5 + torch.ones([3]) * 0.5",
                "    self.steps = self.steps + 1",
                LINEAR,
                "return y + self.mean"),
            TABLE);
    assertThat(spec.bufferLayout().variables().stream().map(Variable::name))
        .containsExactly("mean", "steps");
    RandomExamples examples = new RandomExamples(TABLE, 4, 1);
    try (Learner learner = spec.learner(1, 1);
        Learner other = spec.learner(1, 1)) {
      Training.train(learner, examples, 2, 4, 0.1f);
      Variable steps = spec.bufferLayout().variables().getLast();
      float[] buffers = Training.floats(learner.buffers());
      assertThat(buffers[0]).isEqualTo(0.75f);
      assertThat(buffers[steps.offset()]).isEqualTo(2);
      other.weights().copyFrom(learner.weights());
      other.buffers().copyFrom(learner.buffers());
      assertThat(other.evaluate(examples)).isEqualTo(learner.evaluate(examples));
      Training.train(other, examples, 1, 4, 0.1f);
      assertThat(Training.floats(other.buffers())[steps.offset()]).isEqualTo(3);
      assertThat(Training.floats(learner.buffers())).isEqualTo(buffers);
    }
  }

  // ---- what cannot be trained

  @Test
  void whatCannotBeTrainedIsSaidInOneSentence() {
    assertRefused(table(LINEAR, "return y.detach()"), "have no gradient", "torch.no_grad()");
    assertRefused(table(LINEAR, "return y, x"), "expected outputs [2, 3], found a tuple of 2");
    assertRefused(table(LINEAR, "return [y]"), "found a value of type");
    assertRefused(table(LINEAR, "return y.argmax(1)"), "whole numbers");
    assertRefused(table("return x"), "expected outputs [2, 3], found [2, 4]");
    assertRefused(
        table("assert x.size(1) == 7, 'seven columns, please'", LINEAR, "return y"),
        "seven columns, please");
    assertRefused(table("return torch.matmul(x, self.w / 0.0)"), "not finite");
  }

  private static void assertRefused(Path file, String... parts) {
    assertThatThrownBy(() -> ModelSpec.torchScript(file, TABLE))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith(file.toString())
        .hasMessageContainingAll(parts)
        .message()
        .doesNotContain("\n");
  }

  @Test
  void aFailureInTrainingIsOneSentence() {
    Path file = table("assert bool(x.max() < 1.0), 'too large'", LINEAR, "return y");
    RandomExamples examples = new RandomExamples(TABLE, 64, 1);
    try (Learner learner = ModelSpec.torchScript(file, TABLE).learner(1, 1)) {
      assertThatThrownBy(() -> learner.gradient(examples, examples.rows(), 64, 0))
          .isInstanceOf(UserError.class)
          .hasMessageContaining("for inputs [64, 4] the model fails (")
          .hasMessageContaining("too large")
          .message()
          .doesNotContain("\n");
    }
  }
}
