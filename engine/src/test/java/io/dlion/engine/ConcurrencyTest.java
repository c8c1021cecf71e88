package io.dlion.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlion.core.learn.ExampleShape;
import io.dlion.core.learn.Learner;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConcurrencyTest {
  private static final int LEARNERS = 4;

  /** Weights and buffers, bit for bit. */
  private record Outcome(int weights, int buffers, double loss) {}

  @ParameterizedTest
  @ValueSource(strings = {"lstm", "cnn", "resnet18", "char-lstm"})
  void concurrentLearnersGiveWhatTheyGiveSerially(String model)
      throws InterruptedException, ExecutionException {
    ModelSpec spec = ModelSpec.builtIn(model, Training.smallShape(model));
    List<Outcome> serial = new ArrayList<>();
    for (int seed = 0; seed < LEARNERS; seed++) {
      serial.add(train(spec, seed));
    }
    CyclicBarrier start = new CyclicBarrier(LEARNERS);
    List<Future<Outcome>> concurrent = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(LEARNERS)) {
      for (int i = 0; i < LEARNERS; i++) {
        int seed = i;
        concurrent.add(
            threads.submit(() -> {
              start.await();
              return train(spec, seed);
            }));
      }
    }
    for (int i = 0; i < LEARNERS; i++) {
      assertThat(concurrent.get(i).get()).as("learner of seed %d", i).isEqualTo(serial.get(i));
    }
  }

  private static Outcome train(ModelSpec spec, long seed) {
    ExampleShape shape = spec.shape();
    RandomExamples examples = new RandomExamples(shape, 32, seed);
    try (Learner learner = spec.learner(seed, 1)) {
      Training.train(learner, examples, 4, 8, 0.05f);
      return new Outcome(
          Arrays.hashCode(Training.floats(learner.weights())),
          Arrays.hashCode(Training.floats(learner.buffers())),
          learner.evaluate(examples).loss());
    }
  }
}
