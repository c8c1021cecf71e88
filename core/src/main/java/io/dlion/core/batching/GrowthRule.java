package io.dlion.core.batching;

import io.dlion.core.settings.Settings;
import java.util.OptionalDouble;

/** How the global batch size B grows, as the settings {@code batching.*} say. */
public sealed interface GrowthRule {
  /**
   * The growth of a run.
   *
   * @param trainingExamples D, over all workers
   * @param firstGlobal samples of all workers' first batches
   */
  Growth of(long trainingExamples, double firstGlobal);

  /**
   * Whether B is decided from measurements that differ between workers, so that one of them must
   * decide for all.
   */
  boolean isMeasured();

  /** Reads the settings. */
  static GrowthRule of(Settings settings) {
    double factor = settings.number("batching.speed-up-factor");
    double until = settings.number("batching.speed-up-until");
    return switch (settings.text("batching.growth")) {
      case "schedule" ->
          new Schedule(
              settings.isAuto("batching.warm-up-step")
                  ? OptionalDouble.empty()
                  : OptionalDouble.of(settings.number("batching.warm-up-step")),
              settings.number("batching.warm-up-until"),
              factor,
              until);
      case "noise" -> new Noise(settings.number("batching.noise-factor"), factor, until);
      default -> new Off();
    };
  }

  /** B stays as it is. */
  record Off() implements GrowthRule {
    @Override
    public Growth of(long trainingExamples, double firstGlobal) {
      return Growth.NONE;
    }

    @Override
    public boolean isMeasured() {
      return false;
    }
  }

  /**
   * The paper's schedule, see {@link GrowthSchedule}.
   *
   * @param warmUpStep samples added to B in warm-up, c_w; empty for the first global batch
   * @param warmUpUntil share of D at which warm-up ends
   * @param factor of B after warm-up, c_s
   * @param until share of D at which growth ends
   */
  record Schedule(OptionalDouble warmUpStep, double warmUpUntil, double factor, double until)
      implements GrowthRule {
    @Override
    public Growth of(long trainingExamples, double firstGlobal) {
      return new GrowthSchedule(
          warmUpStep.orElse(firstGlobal),
          warmUpUntil * trainingExamples,
          factor,
          until * trainingExamples);
    }

    @Override
    public boolean isMeasured() {
      return false;
    }
  }

  /**
   * Growth where gradient noise dominates, see {@link NoiseGuidedGrowth}.
   *
   * @param noiseFactor noise scale in units of B that growth needs
   * @param factor of B, c_s
   * @param until share of D at which growth ends
   */
  record Noise(double noiseFactor, double factor, double until) implements GrowthRule {
    @Override
    public Growth of(long trainingExamples, double firstGlobal) {
      return new NoiseGuidedGrowth(noiseFactor, factor, until * trainingExamples);
    }

    @Override
    public boolean isMeasured() {
      return true;
    }
  }
}
