package io.dlion.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.dlion.core.layout.Variable;
import io.dlion.core.learn.ExampleShape;
import io.dlion.core.learn.ExampleShape.Kind;
import io.dlion.core.learn.Learner;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LearnerTest {
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
  void everyModelsModuleHasTheDeclaredLayoutAndLearns(String model) {
    ExampleShape shape = Training.smallShape(model);
    ModelSpec spec = ModelSpec.builtIn(model, shape);
    RandomExamples examples = new RandomExamples(shape, 16, 1);
    try (Learner learner = spec.learner(1, 1)) {
      assertThat(learner.parameters().variables()).isEqualTo(spec.parameters().variables());
      assertThat(learner.bufferLayout().variables()).isEqualTo(spec.bufferLayout().variables());
      assertThat(learner.weights().byteSize()).isEqualTo(spec.parameters().bytes());
      assertThat(learner.gradient().byteSize()).isEqualTo(spec.parameters().bytes());
      assertThat(learner.buffers().byteSize()).isEqualTo(spec.bufferLayout().bytes());
      assertThat(learner.weights().address() % 64).isZero();
      float rate = model.equals("char-lstm") ? 1f : model.equals("svm") ? 0.001f : 0.02f;
      double[] losses = Training.train(learner, examples, 12, 16, rate);
      assertThat(losses[11]).isLessThan(losses[0]);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"logistic", "svm", "lstm", "mlp", "cnn", "char-lstm"})
  void gradientAgreesWithFiniteDifferences(String model) {
    checkGradient(ModelSpec.builtIn(model, Training.smallShape(model)));
  }

  @Test
  void gradientOfRegressionAgreesWithFiniteDifferences() {
    checkGradient(ModelSpec.builtIn("mlp", Training.table(Kind.REGRESSION, 5, 2)));
  }

  /**
   * Variable by variable: moving along a variable's own gradient g changes the loss by |g|² per
   * unit, and a central difference in that direction must agree. Single entries are not tried.
   */
  private static void checkGradient(ModelSpec spec) {
    RandomExamples examples = new RandomExamples(spec.shape(), 8, 3);
    int[] rows = examples.rows();
    try (Learner learner = spec.learner(5, 1)) {
      learner.gradient(examples, rows, 8, 0);
      float[] g = Training.floats(learner.gradient());
      float[] w = Training.floats(learner.weights());
      for (Variable v : spec.parameters().variables()) {
        double squares = 0;
        for (int i = v.offset(); i < v.end(); i++) {
          squares += (double) g[i] * g[i];
        }
        double step = 1e-2 / Math.max(1e-3, Math.sqrt(squares)) * 0.3;
        double up = lossAt(learner, w, g, v, step, examples, rows);
        double down = lossAt(learner, w, g, v, -step, examples, rows);
        assertThat((up - down) / (2 * step))
            .as("%s of %s, examples of seed 3", v, spec.name())
            .isCloseTo(squares, within(0.02 * squares + 2e-4 * Math.sqrt(squares) + 1e-6));
      }
    }
  }

  private static double lossAt(
      Learner learner,
      float[] w,
      float[] g,
      Variable v,
      double step,
      RandomExamples examples,
      int[] rows) {
    float[] moved = w.clone();
    for (int i = v.offset(); i < v.end(); i++) {
      moved[i] += (float) (step * g[i]);
    }
    learner.weights().copyFrom(MemorySegment.ofArray(moved));
    return learner.gradient(examples, rows, rows.length, 0);
  }

  @Test
  void gapsOfTheGradientStayZeroAndEveryVariableGetsAGradient() {
    ModelSpec spec = ModelSpec.builtIn("resnet18", Training.smallShape("resnet18"));
    RandomExamples examples = new RandomExamples(spec.shape(), 8, 3);
    try (Learner learner = spec.learner(5, 1)) {
      learner.gradient(examples, examples.rows(), 8, 0);
      float[] g = Training.floats(learner.gradient());
      boolean[] inside = new boolean[g.length];
      for (Variable v : spec.parameters().variables()) {
        Arrays.fill(inside, v.offset(), v.end(), true);
        float largest = 0;
        for (int i = v.offset(); i < v.end(); i++) {
          largest = Math.max(largest, Math.abs(g[i]));
        }
        assertThat(largest).as(v.toString()).isPositive();
      }
      for (int i = 0; i < g.length; i++) {
        assertThat(inside[i] || g[i] == 0).as("gap at %d", i).isTrue();
      }
    }
  }

  @Test
  void aGradientDoesNotDependOnTheOneBefore() {
    ModelSpec spec = ModelSpec.builtIn("cnn", Training.images(1, 12));
    RandomExamples examples = new RandomExamples(spec.shape(), 40, 3);
    try (Learner learner = spec.learner(5, 1)) {
      learner.gradient(examples, examples.rows(), 4, 0);
      float[] first = Training.floats(learner.gradient());
      learner.gradient(examples, examples.rows(), 40, 0);
      learner.gradient(examples, examples.rows(), 4, 0);
      assertThat(Training.floats(learner.gradient())).isEqualTo(first);
    }
  }

  @Test
  void theSameSeedGivesTheSameWeightsAndTraining() {
    ModelSpec spec = ModelSpec.builtIn("cnn", Training.images(1, 12));
    RandomExamples examples = new RandomExamples(spec.shape(), 32, 3);
    float[] once = trained(spec, 7, examples);
    assertThat(trained(spec, 7, examples)).isEqualTo(once);
    assertThat(trained(spec, 8, examples)).isNotEqualTo(once);
  }

  private static float[] trained(ModelSpec spec, long seed, RandomExamples examples) {
    try (Learner learner = spec.learner(seed, 1)) {
      Training.train(learner, examples, 5, 8, 0.05f);
      return Training.floats(learner.weights());
    }
  }

  @Test
  void batchNormStatisticsLieInTheBuffers() {
    ModelSpec spec = ModelSpec.builtIn("mobilenet", Training.smallShape("mobilenet"));
    RandomExamples examples = new RandomExamples(spec.shape(), 8, 3);
    try (Learner learner = spec.learner(5, 1)) {
      Variable mean = spec.bufferLayout().variables().getFirst();
      assertThat(mean.name()).isEqualTo("bn0.running_mean");
      float[] before = Training.floats(learner.buffers());
      learner.gradient(examples, examples.rows(), 8, 0);
      float[] after = Training.floats(learner.buffers());
      assertThat(after[mean.offset()]).isNotEqualTo(before[mean.offset()]);
      learner.evaluate(examples);
      assertThat(Training.floats(learner.buffers())).isEqualTo(after);
      learner.buffers().copyFrom(MemorySegment.ofArray(before));
      learner.gradient(examples, examples.rows(), 8, 0);
      assertThat(Training.floats(learner.buffers())).isEqualTo(after);
    }
  }

  @Test
  void divergedWeightsGiveANanLossAndNoException() {
    ModelSpec spec = ModelSpec.builtIn("mlp", Training.table(Kind.CLASSIFICATION, 4, 3));
    RandomExamples examples = new RandomExamples(spec.shape(), 8, 3);
    try (Learner learner = spec.learner(5, 1)) {
      learner.weights().setAtIndex(ValueLayout.JAVA_FLOAT, 0, Float.NaN);
      assertThat(learner.gradient(examples, examples.rows(), 8, 0)).isNaN();
    }
  }

  @Test
  void stepsLeaveNothingNativeBehind() {
    ModelSpec spec = ModelSpec.builtIn("cnn", Training.images(1, 28));
    RandomExamples examples = new RandomExamples(spec.shape(), 8, 3);
    try (Learner learner = spec.learner(5, 1)) {
      learner.gradient(examples, examples.rows(), 8, 0);
      learner.evaluate(examples);
      long pointers = Pointer.totalCount();
      long bytes = Pointer.physicalBytes();
      for (int i = 0; i < 300; i++) {
        learner.gradient(examples, examples.rows(), 8, i);
      }
      learner.evaluate(examples);
      assertThat(Pointer.totalCount()).isLessThanOrEqualTo(pointers);
      assertThat(Pointer.physicalBytes() - bytes).isLessThan(100L << 20); // a leak would be 1.5 GB
    }
  }

  @Test
  void memoryIsNotAccessibleAfterClose() {
    Learner learner =
        ModelSpec.builtIn("logistic", Training.table(Kind.CLASSIFICATION, 4, 3)).learner(1, 1);
    MemorySegment weights = learner.weights();
    learner.close();
    learner.close();
    assertThatThrownBy(() -> weights.get(ValueLayout.JAVA_FLOAT, 0))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void examplesOfAnotherShapeAreRefused() {
    RandomExamples examples = new RandomExamples(Training.table(Kind.CLASSIFICATION, 5, 3), 8, 3);
    try (Learner learner =
        ModelSpec.builtIn("logistic", Training.table(Kind.CLASSIFICATION, 4, 3)).learner(1, 1)) {
      assertThatThrownBy(() -> learner.gradient(examples, examples.rows(), 8, 0))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
