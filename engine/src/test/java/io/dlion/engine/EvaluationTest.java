package io.dlion.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dlion.core.learn.Evaluation;
import io.dlion.core.learn.ExampleShape;
import io.dlion.core.learn.ExampleShape.Kind;
import io.dlion.core.learn.Learner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EvaluationTest {
  /** More than one chunk, and a partial one at the end. */
  private static final int COUNT = 2 * 256 + 3;

  @ParameterizedTest
  @ValueSource(strings = {"svm", "lstm", "mlp", "cnn", "resnet18", "char-lstm"})
  void equalsTheMeanOverSingleExamples(String model) {
    ExampleShape shape = Training.smallShape(model);
    int count = model.equals("resnet18") ? 259 : COUNT;
    RandomExamples examples = new RandomExamples(shape, count, 11);
    try (Learner learner = ModelSpec.builtIn(model, shape).learner(2, 1)) {
      Training.train(learner, examples, 3, 16, 0.02f);
      float[] weights = Training.floats(learner.weights());
      float[] gradient = Training.floats(learner.gradient());
      float[] buffers = Training.floats(learner.buffers());

      Evaluation all = learner.evaluate(examples);

      double loss = 0;
      double accuracy = 0;
      for (int row = 0; row < count; row++) {
        Evaluation one = learner.evaluate(examples.only(row));
        loss += one.loss() / count;
        accuracy += one.accuracy() / count;
      }
      assertThat(all.examples()).isEqualTo(count);
      assertThat(all.loss()).isCloseTo(loss, within(1e-4 * loss));
      assertThat(all.accuracy()).isCloseTo(accuracy, within(1.01 / count));
      assertThat(Training.floats(learner.weights())).isEqualTo(weights);
      assertThat(Training.floats(learner.gradient())).isEqualTo(gradient);
      assertThat(Training.floats(learner.buffers())).isEqualTo(buffers);
    }
  }

  @Test
  void ofRegressionIsTheShareOfVarianceExplained() {
    ExampleShape shape = Training.table(Kind.REGRESSION, 4, 2);
    RandomExamples examples = new RandomExamples(shape, COUNT, 11);
    try (Learner learner = ModelSpec.builtIn("logistic", shape).learner(2, 1)) {
      learner.weights().fill((byte) 0); // predicts 0 for targets 3 + 2x of independent columns
      double squares = 0;
      double spread = 0;
      for (int v = 0; v < 2; v++) {
        double mean = 0;
        for (int row = 0; row < COUNT; row++) {
          mean += examples.value(row, v) / (double) COUNT;
        }
        for (int row = 0; row < COUNT; row++) {
          double y = examples.value(row, v);
          squares += y * y;
          spread += (y - mean) * (y - mean);
        }
      }
      Evaluation untrained = learner.evaluate(examples);
      assertThat(untrained.loss()).isCloseTo(squares / (2 * COUNT), within(1e-6));
      assertThat(untrained.accuracy()).isCloseTo(1 - squares / spread, within(1e-6));

      Training.train(learner, examples, 200, 64, 0.1f);
      assertThat(learner.evaluate(examples).accuracy()).isGreaterThan(0.999);
    }
  }
}
