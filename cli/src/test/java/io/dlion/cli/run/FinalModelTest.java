package io.dlion.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlion.core.WorkerId;
import io.dlion.core.learn.Examples;
import io.dlion.core.learn.Learner;
import io.dlion.data.DataOptions;
import io.dlion.data.recognise.DataSets;
import io.dlion.engine.ModelSpec;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.junit.jupiter.api.Test;

class FinalModelTest {
  private static final WorkerId W1 = new WorkerId("w1");
  private static final WorkerId W2 = new WorkerId("w2");
  private static final WorkerId W3 = new WorkerId("w3");

  private final Examples sample =
      DataSets.open("generated:blobs", DataOptions.defaults().withSeed(1)).test();
  private final ModelSpec spec = ModelSpec.builtIn("logistic", sample.shape());

  private MemorySegment weights(float value) {
    MemorySegment weights = MemorySegment.ofArray(new float[spec.parameters().size()]);
    for (long i = 0; i < spec.parameters().size(); i++) {
      weights.setAtIndex(ValueLayout.JAVA_FLOAT, i, value);
    }
    return weights;
  }

  @Test
  void aReplicaThatIsNotFiniteTakesNoPart() {
    MemorySegment none = MemorySegment.ofArray(new float[0]);
    try (Learner learner = spec.learner(1, 1)) {
      FinalModel model = new FinalModel(learner, sample, new ModelChoice(List.of(), sample, 1));
      model.add(W1, 0, weights(1), none);
      model.add(W2, 0, weights(Float.NaN), none);
      model.add(W3, 0, weights(3), none);
      assertThat(model.merge()).isEqualTo("mean of 2 replicas");
      assertThat(learner.weights().mismatch(weights(2))).isEqualTo(-1);
    }
  }

  @Test
  void theServersModelIsTheRunsBitForBitInWhateverOrderReplicasCome() {
    MemorySegment none = MemorySegment.ofArray(new float[0]);
    try (Learner learner = spec.learner(1, 1)) {
      FinalModel model = new FinalModel(learner, sample, new ModelChoice(List.of(), sample, 1));
      model.add(W1, 40, weights(0), none); // fits best, and is not what the run has come to
      model.add(W2, 45, weights(1f / 3), none);
      model.add(W3, 44, weights(2), none);
      assertThat(model.merge()).isEqualTo("the server's model, from w2");
      assertThat(learner.weights().mismatch(weights(1f / 3))).isEqualTo(-1);
    }
  }

  @Test
  void whereNoReplicaIsFiniteNothingIsMade() {
    MemorySegment none = MemorySegment.ofArray(new float[0]);
    try (Learner learner = spec.learner(1, 1)) {
      FinalModel model = new FinalModel(learner, sample, new ModelChoice(List.of(), sample, 1));
      model.add(W1, 0, weights(Float.NaN), none);
      assertThat(model.merge()).isEqualTo("no replica has finite values only");
    }
  }
}
