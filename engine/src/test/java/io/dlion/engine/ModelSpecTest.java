package io.dlion.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dlion.core.UserError;
import io.dlion.core.layout.ParameterLayout;
import io.dlion.core.layout.Variable;
import io.dlion.core.learn.ExampleShape;
import io.dlion.core.learn.ExampleShape.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelSpecTest {
  @ParameterizedTest
  @CsvSource({
    "logistic,  1, 28,     7850",
    "svm,       1, 28,     7850",
    "mlp,       1, 28,   235146",
    "cnn,       1, 28,   325282",
    "cnn,       3, 32,   505058",
    "cipher,    3, 32,  2168362",
    "mobilenet, 3, 32,  3217226",
    "resnet18,  3, 32, 11173962"
  })
  void parametersAreCountedExactly(String model, int channels, int side, int parameters) {
    ModelSpec spec = ModelSpec.builtIn(model, Training.images(channels, side));
    assertThat(spec.parameters().elements()).isEqualTo(parameters);
  }

  @Test
  void theLstmOfSequencesHasItsParameters() {
    ModelSpec spec = ModelSpec.builtIn("lstm", Training.series(100, 3, 10));
    assertThat(spec.parameters().variables().stream().map(Variable::toString))
        .containsExactly(
            "lstm.weight_ih_l0[512, 3]",
            "lstm.weight_hh_l0[512, 128]",
            "lstm.bias_ih_l0[512]",
            "lstm.bias_hh_l0[512]",
            "fc.weight[10, 128]",
            "fc.bias[10]");
  }

  @Test
  void theLstmHasItsParameters() {
    ModelSpec spec = ModelSpec.builtIn("char-lstm", Training.text(50, 96));
    int lstm = 4 * 256 * (64 + 256 + 2);
    assertThat(spec.parameters().elements()).isEqualTo(96 * 64 + lstm + 256 * 96 + 96);
  }

  @Test
  void variablesAreNamedAndOrderedAsInPyTorch() {
    ModelSpec spec = ModelSpec.builtIn("cnn", Training.images(1, 28));
    assertThat(spec.parameters().variables().stream().map(Variable::toString))
        .startsWith("conv1.weight[32, 1, 3, 3]", "conv1.bias[32]")
        .endsWith("fc2.weight[10, 200]", "fc2.bias[10]");
    int start = 0;
    for (Variable v : spec.parameters().variables()) {
      assertThat(v.offset()).isEqualTo(start);
      start = (v.end() + ParameterLayout.ALIGNMENT - 1) & -ParameterLayout.ALIGNMENT;
    }
  }

  @Test
  void theListNamesEveryModelWithItsSize() {
    assertThat(Models.all())
        .extracting(Models.Model::name)
        .containsExactly(
            "logistic",
            "svm",
            "cnn-small",
            "lstm",
            "mlp",
            "cnn",
            "cipher",
            "mobilenet",
            "resnet18",
            "char-lstm");
    assertThat(Models.all().get(5).parameters()).isEqualTo(325_282);
  }

  @ParameterizedTest
  @ValueSource(strings = {"cnn", "cipher"})
  void convolutionalModelsTakeOddAndSmallSizes(String model) {
    for (int side : new int[] {8, 13, 31}) {
      ModelSpec spec = ModelSpec.builtIn(model, Training.images(2, side));
      RandomExamples examples = new RandomExamples(spec.shape(), 2, 1);
      try (var learner = spec.learner(1, 1)) {
        assertThat(learner.gradient(examples, examples.rows(), 2, 0)).isFinite();
      }
    }
  }

  @Test
  void anUnknownNameIsAnsweredWithTheNearest() {
    assertThatThrownBy(() -> ModelSpec.builtIn("resnet-18", Training.images(3, 32)))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("unknown model 'resnet-18'")
        .hasMessageContaining("did you mean 'resnet18'?");
  }

  @Test
  void examplesThatAModelCannotTakeAreRefused() {
    assertRefused("cnn", Training.table(Kind.CLASSIFICATION, 20, 3), "rows of 20 numbers");
    assertRefused("cipher", Training.images(3, 7), "images of 7×7 pixels");
    assertRefused("mobilenet", Training.images(3, 16), "images of 16×16 pixels");
    assertRefused("mlp", Training.text(20, 30), "found text; use char-lstm");
    assertRefused("char-lstm", Training.images(1, 28), "takes text");
    assertRefused("lstm", Training.table(Kind.CLASSIFICATION, 20, 3), "takes sequences of rows");
    assertRefused(
        "cnn", Training.series(9, 2, 3), "sequences of 9 rows of 2 numbers; use logistic");
    assertRefused("svm", Training.table(Kind.REGRESSION, 5, 1), "found rows of 5 numbers");
  }

  private static void assertRefused(String model, ExampleShape shape, String message) {
    assertThatThrownBy(() -> ModelSpec.builtIn(model, shape))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("model '" + model + "' takes")
        .hasMessageContaining(message);
  }
}
