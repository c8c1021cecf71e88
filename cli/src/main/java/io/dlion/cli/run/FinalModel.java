package io.dlion.cli.run;

import io.dlion.cluster.Outcome;
import io.dlion.core.kernel.Blocks;
import io.dlion.core.learn.Evaluation;
import io.dlion.core.learn.Examples;
import io.dlion.core.learn.Learner;
import io.dlion.core.wire.Control.Reason;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Makes one model of the workers' replicas: their mean where it fits the training data at least as
 * well as any single replica (it nearly always does where gradients were exchanged), else the best
 * replica. Judged by the loss on a sample of the training data; the test set has no say.
 *
 * @param how where the model comes from: {@code mean of 3 replicas}, or {@code replica of w2}
 * @param learner holds the model
 */
record FinalModel(String how, Learner learner) {
  /** The model of those workers that did not fail; empty where there is none. */
  static Optional<FinalModel> of(List<Outcome> outcomes, Examples sample) {
    List<Outcome> sound =
        outcomes.stream()
            .filter(o -> o.reason() != Reason.FAILURE && o.reason() != Reason.DIVERGED)
            .filter(o -> o.learner().isPresent())
            .toList();
    if (sound.isEmpty()) {
      return Optional.empty();
    }
    List<Learner> replicas = sound.stream().map(o -> o.learner().orElseThrow()).toList();
    int best = 0;
    double least = Double.POSITIVE_INFINITY;
    for (int k = 0; k < replicas.size(); k++) {
      Evaluation evaluation = replicas.get(k).evaluate(sample);
      if (evaluation.loss() < least) {
        least = evaluation.loss();
        best = k;
      }
    }
    FinalModel single =
        new FinalModel("replica of " + sound.get(best).worker(), replicas.get(best));
    return Optional.of(
        replicas.size() == 1 ? single : meanUnlessWorse(replicas, sample, least, single));
  }

  private static FinalModel meanUnlessWorse(
      List<Learner> replicas, Examples sample, double least, FinalModel single) {
    try (Arena arena = Arena.ofConfined()) {
      Learner learner = single.learner();
      List<MemorySegment> own = new ArrayList<>();
      for (MemorySegment part : List.of(learner.weights(), learner.buffers())) {
        own.add(
            arena
                .allocate(Math.max(1, part.byteSize()), 64)
                .copyFrom(part)
                .asSlice(0, part.byteSize()));
      }
      mean(replicas.stream().map(Learner::weights).toList(), learner.weights());
      mean(replicas.stream().map(Learner::buffers).toList(), learner.buffers());
      if (learner.evaluate(sample).loss() <= least) {
        return new FinalModel("mean of " + replicas.size() + " replicas", learner);
      }
      learner.weights().copyFrom(own.get(0));
      learner.buffers().copyFrom(own.get(1));
      return single;
    }
  }

  private static void mean(List<MemorySegment> parts, MemorySegment into) {
    int size = (int) (into.byteSize() / 4);
    float[] sum = new float[size];
    for (MemorySegment part : parts) {
      Blocks.addScaled(part, 1f / parts.size(), sum);
    }
    MemorySegment.copy(sum, 0, into, java.lang.foreign.ValueLayout.JAVA_FLOAT, 0, size);
  }
}
