package io.dlion.cli.runtime;

import io.dlion.core.WorkerId;
import io.dlion.core.learn.Examples;
import io.dlion.core.learn.Learner;
import io.dlion.core.settings.Presets;
import io.dlion.core.settings.Settings;
import io.dlion.emulator.check.StubExamples;
import java.util.List;
import java.util.Optional;

/**
 * What three workers are to do.
 *
 * @param settings every parameter
 * @param goalSamples samples of all workers that end the run
 * @param crashes who dies on the way
 * @param diverges whose loss becomes NaN on the way
 */
record Job(
    Settings settings, long goalSamples, Optional<WorkerId> crashes, Optional<WorkerId> diverges) {
  static final List<WorkerId> WORKERS =
      List.of(new WorkerId("w1"), new WorkerId("w2"), new WorkerId("w3"));
  static final long SEED = 7;

  /** Gradients that a worker computes before something happens to it. */
  static final int UNTIL_TROUBLE = 30;

  /** Long enough that a busy machine carries gradients meanwhile. */
  private static final long STEP_NANOS = 1_000_000;

  private static final int PARAMETERS = 1000;
  private static final int SHARD = 400;

  static Job of(String preset, String... settings) {
    Settings all =
        Presets.find(preset)
            .settings()
            .with("optimizer.learning-rate", "0.04")
            .with("optimizer.momentum", "0") // stable however late gradients come
            .with("evaluate.every", "1000");
    for (int i = 0; i < settings.length; i += 2) {
      all = all.with(settings[i], settings[i + 1]);
    }
    return new Job(all, 15L * trainingExamples(), Optional.empty(), Optional.empty());
  }

  Job crashing(WorkerId worker) {
    return new Job(settings, goalSamples, Optional.of(worker), diverges);
  }

  Job diverging(WorkerId worker) {
    return new Job(settings, goalSamples, crashes, Optional.of(worker));
  }

  static long trainingExamples() {
    return WORKERS.stream().mapToLong(worker -> shard(worker).count()).sum();
  }

  /** Shards of unequal size: by its size a learner knows whose gradient it computes. */
  static Examples shard(WorkerId worker) {
    return new StubExamples(SHARD + WORKERS.indexOf(worker));
  }

  /**
   * A learner for any worker.
   *
   * @param real whether in real time: then gradients take a while, and crashes happen in them
   */
  Learner learner(boolean real) {
    return new TroubledLearner(
        PARAMETERS,
        real ? STEP_NANOS : 0,
        real ? crashes.map(worker -> shard(worker).count()) : Optional.empty(),
        diverges.map(worker -> shard(worker).count()));
  }
}
