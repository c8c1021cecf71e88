package io.dlion.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlion.cli.checkpoint.CheckpointFiles;
import io.dlion.cluster.worker.WorkerOutcome;
import io.dlion.core.WorkerId;
import io.dlion.core.layout.ParameterLayout;
import io.dlion.core.learn.Evaluation;
import io.dlion.core.learn.ExampleShape.Kind;
import io.dlion.core.learn.Examples;
import io.dlion.core.learn.Learner;
import io.dlion.core.node.BestModel;
import io.dlion.core.node.Checkpoint;
import io.dlion.core.node.Rank;
import io.dlion.core.wire.Control.Reason;
import io.dlion.emulator.check.StubExamples;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which model is kept at the end, and that the candidate survives a checkpoint's file. */
final class ModelChoiceTest {
  private static final ParameterLayout LAYOUT =
      new ParameterLayout.Builder().add("a", 2).add("b.weight", 3).build();
  private static final ParameterLayout BUFFERS =
      new ParameterLayout.Builder().add("b.running_mean", 1).build();
  private static final Examples TEST = new StubExamples(50);
  private static final long TRAINING_EXAMPLES = 200;

  @Test
  void theBestOfAllWorkersIsKeptWhereItIsBetterThanTheEnd() {
    Known learner = new Known(0.5f);
    ModelChoice choice = choice(best("w1", 0.625f), best("w2", 0.75f), best("w3", 0.6875f));
    assertThat(choice.choose(learner, "mean of 3 replicas"))
        .isEqualTo("best evaluated model, of w2 after epoch 1.5");
    assertThat(learner.accuracy()).isEqualTo(0.75f);
    assertThat(learner.buffers.getAtIndex(ValueLayout.JAVA_FLOAT, 0)).isEqualTo(0.75f);
    assertThat(choice.entry()).containsEntry("kept", "best");
    assertThat(choice.entry()).containsEntry("chosenOn", "test set, 50 examples");
    assertThat(String.valueOf(choice.entry().get("best")))
        .contains("worker=w2", "iteration=17", "epoch=1.5", "accuracy=0.75");
    assertThat(String.valueOf(choice.entry().get("last"))).contains("accuracy=0.5");
    assertThat(choice.news(Kind.CLASSIFICATION))
        .contains(
            "the best of all evaluations on the test set, after epoch 1.5: 75.0 % there, 50.0 % at the end");
    assertThat(choice.news(Kind.REGRESSION))
        .hasValueSatisfying(news -> assertThat(news).contains("R² 0.750 there, R² 0.500"));
  }

  @Test
  void theEndIsKeptWhereItIsAsGood() {
    for (float end : new float[] {0.9f, 0.95f}) {
      Known learner = new Known(end);
      ModelChoice choice = choice(best("w1", 0.9f));
      assertThat(choice.choose(learner, "mean of 3 replicas")).isEqualTo("mean of 3 replicas");
      assertThat(learner.accuracy()).isEqualTo(end);
      assertThat(learner.buffers.getAtIndex(ValueLayout.JAVA_FLOAT, 0)).isEqualTo(end);
      assertThat(choice.entry()).containsEntry("kept", "last");
      assertThat(choice.ofKept().orElseThrow().accuracy()).isEqualTo(end);
      assertThat(choice.news(Kind.CLASSIFICATION)).isEmpty();
    }
  }

  @Test
  void withoutACandidateNothingIsMeasured() {
    Known learner = new Known(0.5f);
    ModelChoice choice = choice();
    assertThat(choice.choose(learner, "replica of w1")).isEqualTo("replica of w1");
    assertThat(learner.evaluations).isZero();
    assertThat(choice.entry()).isEmpty();
    assertThat(choice.ofKept()).isEmpty();
  }

  @Test
  void theBestModelIsReadBackFromACheckpointsFile(@TempDir Path folder) throws IOException {
    CheckpointFiles files = new CheckpointFiles(folder);
    WorkerId w1 = new WorkerId("w1");
    for (boolean kept : new boolean[] {true, false}) {
      files.save(
          new Checkpoint(
              w1,
              Map.of("iteration", "20"),
              LAYOUT,
              floats(LAYOUT, 1),
              Map.of("velocity", floats(LAYOUT, 2), "average", floats(LAYOUT, 3)),
              BUFFERS,
              floats(BUFFERS, 4),
              kept ? best("w1", 0.9f).best() : Optional.empty()));
      Checkpoint read = files.load(w1, LAYOUT, BUFFERS);
      assertThat(read.memories()).containsOnlyKeys("velocity", "average");
      assertThat(first(Objects.requireNonNull(read.memories().get("velocity")))).isEqualTo(2);
      assertThat(first(read.weights())).isEqualTo(1);
      assertThat(read.best().isPresent()).isEqualTo(kept);
      read.best()
          .ifPresent(best -> {
            assertThat(best.evaluation()).isEqualTo(new Evaluation(50, 0.1, 0.9f));
            assertThat(best.iteration()).isEqualTo(17);
            assertThat(best.samples()).isEqualTo(300);
            assertThat(first(best.weights())).isEqualTo(0.9f);
            assertThat(first(best.buffers())).isEqualTo(0.9f);
          });
    }
  }

  private static ModelChoice choice(WorkerOutcome... outcomes) {
    return new ModelChoice(List.of(outcomes), TEST, TRAINING_EXAMPLES);
  }

  private static WorkerOutcome best(String worker, float accuracy) {
    return new WorkerOutcome(
        new WorkerId(worker),
        Reason.EPOCHS,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.of(
            new BestModel(
                new Evaluation(50, 0.1, accuracy),
                17,
                300,
                floats(LAYOUT, accuracy),
                floats(BUFFERS, accuracy))),
        Rank.PEER);
  }

  private static float first(MemorySegment values) {
    return values.getAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, 0);
  }

  private static MemorySegment floats(ParameterLayout layout, float value) {
    float[] values = new float[layout.size()];
    java.util.Arrays.fill(values, value);
    return MemorySegment.ofArray(values);
  }

  /** A learner whose accuracy is its first weight. */
  private static final class Known implements Learner {
    private final MemorySegment weights;
    private final MemorySegment buffers;
    private int evaluations;

    Known(float accuracy) {
      weights = floats(LAYOUT, accuracy);
      buffers = floats(BUFFERS, accuracy);
    }

    float accuracy() {
      return first(weights);
    }

    @Override
    public ParameterLayout parameters() {
      return LAYOUT;
    }

    @Override
    public ParameterLayout bufferLayout() {
      return BUFFERS;
    }

    @Override
    public MemorySegment weights() {
      return weights;
    }

    @Override
    public MemorySegment gradient() {
      throw new AssertionError("not to be trained");
    }

    @Override
    public MemorySegment buffers() {
      return buffers;
    }

    @Override
    public double gradient(Examples examples, int[] rows, int size, long seed) {
      throw new AssertionError("not to be trained");
    }

    @Override
    public Evaluation evaluate(Examples examples) {
      evaluations++;
      return new Evaluation(examples.count(), 1 - accuracy(), accuracy());
    }

    @Override
    public void close() {}
  }
}
