package io.dlion.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.dlion.core.UserError;
import io.dlion.core.layout.Variable;
import io.dlion.core.learn.Evaluation;
import io.dlion.core.learn.ExampleShape.Kind;
import io.dlion.core.learn.Learner;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Models from and to Python's torch, as a user of both would exchange them. */
class PythonInteroperabilityTest {
  private static final int COUNT = 6;

  /** Writes the outputs of a TorchScript file for given inputs, and the names of its tensors. */
  private static final String RUN_MODEL =
      """
      import sys, array, torch
      model_file, input_file, shape, kind = sys.argv[1:5]
      raw = open(input_file, 'rb').read()
      values = array.array('q' if kind == 'symbols' else 'f', raw)
      x = torch.tensor(values, dtype=torch.int64 if kind == 'symbols' else torch.float32)
      x = x.view([int(d) for d in shape.split(',')])
      model = torch.jit.load(model_file)
      assert not model.training
      with torch.no_grad():
          y = model(x)
      open(model_file + '.out', 'wb').write(array.array('f', y.reshape(-1).tolist()).tobytes())
      types = {torch.float32: 'F32', torch.int64: 'I64'}
      names = [k + ' ' + types[v.dtype] for k, v in model.state_dict().items()]
      open(model_file + '.names', 'w').write('\\n'.join(names))
      model.train()
      model(x).sum().backward()
      assert all(p.grad is not None for p in model.parameters())
      """;

  private static final String EXPORT_CNN =
      """
      import sys, torch
      from torch import nn
      torch.manual_seed(1)
      model = nn.Sequential(
          nn.Conv2d(3, 8, 3, padding=1), nn.BatchNorm2d(8), nn.ReLU(), nn.MaxPool2d(2),
          nn.Flatten(), DROPOUT nn.Linear(8 * 25, 10))
      torch.jit.script(model).save(sys.argv[1])
      """;

  @TempDir Path folder;

  @BeforeAll
  static void pythonHasTorch() throws IOException, InterruptedException {
    Python.assume();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "logistic",
        "svm",
        "lstm",
        "mlp",
        "cnn",
        "cipher",
        "mobilenet",
        "resnet18",
        "char-lstm"
      })
  void pythonComputesTheSameWithAnExportedModel(String name)
      throws IOException, InterruptedException {
    ModelSpec spec = ModelSpec.builtIn(name, Training.smallShape(name));
    RandomExamples examples = new RandomExamples(spec.shape(), COUNT, 1);
    try (Learner learner = spec.learner(1, 1)) {
      Training.train(learner, examples, 3, COUNT, 0.02f);
      assertPythonAgrees(spec, learner, examples);
    }
  }

  @Test
  void aModelFromPythonIsTrainedAndGivenBack() throws IOException, InterruptedException {
    Path file = folder.resolve("python.pt");
    Python.program(folder, EXPORT_CNN.replace("DROPOUT", ""), file.toString());
    ModelSpec spec = ModelSpec.torchScript(file, Training.images(3, 10));
    assertThat(spec.parameters().variables().stream().map(Variable::toString))
        .containsExactly(
            "0.weight[8, 3, 3, 3]",
            "0.bias[8]",
            "1.weight[8]",
            "1.bias[8]",
            "5.weight[10, 200]",
            "5.bias[10]");
    assertThat(spec.bufferLayout().variables().stream().map(Variable::name))
        .containsExactly("1.running_mean", "1.running_var", "1.num_batches_tracked");
    RandomExamples examples = new RandomExamples(spec.shape(), 32, 1);
    try (Learner learner = spec.learner(1, 1)) {
      double[] losses = Training.train(learner, examples, 30, 32, 0.1f);
      assertThat(losses[29]).isLessThan(0.7 * losses[0]);
      assertPythonAgrees(spec, learner, new RandomExamples(spec.shape(), COUNT, 2));
    }
  }

  @Test
  void dropoutFollowsTheSeedAndNothingElse() throws IOException, InterruptedException {
    Path file = folder.resolve("python.pt");
    Python.program(folder, EXPORT_CNN.replace("DROPOUT", "nn.Dropout(0.5),"), file.toString());
    ModelSpec spec = ModelSpec.torchScript(file, Training.images(3, 10));
    RandomExamples examples = new RandomExamples(spec.shape(), 8, 1);
    try (Learner learner = spec.learner(1, 1)) {
      double first = learner.gradient(examples, examples.rows(), 8, 5);
      assertThat(learner.gradient(examples, examples.rows(), 8, 6)).isNotEqualTo(first);
      assertThat(learner.gradient(examples, examples.rows(), 8, 5)).isEqualTo(first);
      Evaluation evaluation = learner.evaluate(examples);
      assertThat(learner.evaluate(examples)).isEqualTo(evaluation);
    }
  }

  @Test
  void sharedAndFrozenParametersAreRespected() throws IOException, InterruptedException {
    Path file = folder.resolve("python.pt");
    String program =
        """
        import sys, torch
        from torch import nn
        class Model(nn.Module):
            def __init__(self):
                super().__init__()
                self.a = nn.Linear(4, 4)
                self.b = nn.Linear(4, 4)
                self.b.weight = self.a.weight
                self.frozen = nn.Linear(4, 3)
                self.frozen.requires_grad_(False)
            def forward(self, x):
                return self.frozen(torch.relu(self.b(torch.relu(self.a(x)))))
        torch.jit.script(Model()).save(sys.argv[1])
        """;
    Python.program(folder, program, file.toString());
    ModelSpec spec = ModelSpec.torchScript(file, Training.table(Kind.CLASSIFICATION, 4, 3));
    assertThat(spec.parameters().variables().stream().map(Variable::name))
        .containsExactly("a.weight", "a.bias", "b.bias");
    assertThat(spec.bufferLayout().variables()).isEmpty();
    assertThat(spec.constants()).isNotEmpty();
    RandomExamples examples = new RandomExamples(spec.shape(), COUNT, 1);
    try (Learner learner = spec.learner(1, 1)) {
      Training.train(learner, examples, 5, COUNT, 0.1f);
      spec.exportTorchScript(learner, folder.resolve("back.pt"));
      ModelSpec back = ModelSpec.torchScript(folder.resolve("back.pt"), spec.shape());
      assertThat(back.constants()).isEqualTo(spec.constants());
      try (Learner copy = back.learner(1, 1)) {
        assertThat(copy.evaluate(examples)).isEqualTo(learner.evaluate(examples));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "torch.save(model.state_dict(), f) # not a TorchScript file",
        "torch.jit.script(model.double()).save(f) # expected Float",
        "torch.jit.freeze(torch.jit.script(model.eval())).save(f) # expected trainable parameters",
        "torch.jit.script(nn.Sequential(nn.Flatten(), nn.ReLU())).save(f) # trainable parameters",
        "torch.jit.script(nn.LSTM(5, 10)).save(f) # the model fails",
        "torch.jit.script(nn.Linear(10, 10)).save(f) # found [2, 3, 10, 10]",
      })
  void filesThatCannotBeTrainedAreRefused(String statement)
      throws IOException, InterruptedException {
    Path file = folder.resolve("python.pt");
    String program =
        """
        import sys, torch
        from torch import nn
        f = sys.argv[1]
        model = nn.Sequential(nn.Flatten(), nn.Linear(300, 10))
        """
            + statement;
    Python.program(folder, program, file.toString());
    String expected = statement.substring(statement.indexOf('#') + 2);
    assertThatThrownBy(() -> ModelSpec.torchScript(file, Training.images(3, 10)))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith(file.toString())
        .hasMessageContaining(expected)
        .message()
        .doesNotContain("\n");
  }

  private void assertPythonAgrees(ModelSpec spec, Learner learner, RandomExamples examples)
      throws IOException, InterruptedException {
    Path file = folder.resolve("exported.pt");
    spec.exportTorchScript(learner, file);
    boolean text = spec.shape().kind() == Kind.NEXT_SYMBOL;
    Path inputs = folder.resolve("inputs");
    Files.write(inputs, text ? symbols(examples) : channelsFirst(examples));
    List<Integer> in = spec.shape().input();
    String shape = COUNT + "," + in.toString().replaceAll("[\\[\\] ]", "");
    String kind = text ? "symbols" : "numbers";
    Python.program(folder, RUN_MODEL, file.toString(), inputs.toString(), shape, kind);

    float[] expected = Outputs.of((TorchLearner) learner, examples);
    ByteBuffer found = ByteBuffer.wrap(Files.readAllBytes(Path.of(file + ".out")));
    found.order(ByteOrder.nativeOrder());
    assertThat(found.remaining()).isEqualTo(4 * expected.length);
    for (int i = 0; i < expected.length; i++) {
      float tolerance = 1e-5f * Math.max(1, Math.abs(expected[i]));
      assertThat(found.getFloat(4 * i))
          .as(String.format(Locale.ROOT, "output %d of %s", i, spec.name()))
          .isCloseTo(expected[i], within(tolerance));
    }
    // So load_state_dict(..., strict=True) takes what DLion writes.
    assertThat(Files.readAllLines(Path.of(file + ".names")))
        .containsExactlyInAnyOrderElementsOf(
            spec.state(learner).stream().map(t -> t.name() + " " + t.type()).toList());
  }

  private static byte[] channelsFirst(RandomExamples examples) {
    int n = examples.shape().inputElements();
    ByteBuffer bytes = ByteBuffer.allocate(4 * n * COUNT).order(ByteOrder.nativeOrder());
    for (int row = 0; row < COUNT; row++) {
      for (float f : examples.channelsFirst(row)) {
        bytes.putFloat(f);
      }
    }
    return bytes.array();
  }

  private static byte[] symbols(RandomExamples examples) {
    int n = examples.shape().inputElements();
    ByteBuffer bytes = ByteBuffer.allocate(8 * n * COUNT).order(ByteOrder.nativeOrder());
    for (int row = 0; row < COUNT; row++) {
      for (int i = 0; i < n; i++) {
        bytes.putLong(examples.symbol(row, i));
      }
    }
    return bytes.array();
  }
}
