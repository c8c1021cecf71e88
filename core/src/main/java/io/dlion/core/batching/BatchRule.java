package io.dlion.core.batching;

import io.dlion.core.settings.Options;
import io.dlion.core.settings.Settings;
import java.util.Locale;

/**
 * The rule of batch sizes, as the settings {@code batching.*} say.
 *
 * @param initial samples per worker at the start, b_0, as far as it is known before steps are timed
 * @param fitted whether b_0 follows the cost of steps as soon as that is known
 * @param adaptive whether local batches follow speed
 * @param division how B is divided
 * @param growth how B grows
 * @param periodEpochs epochs between two adjustments of B
 * @param profileSteps timed steps per batch size at the start
 * @param announceChange relative change of cost that is announced
 * @param weighting how much gradients of unequal batches count
 */
public record BatchRule(
    int initial,
    boolean fitted,
    boolean adaptive,
    Division division,
    GrowthRule growth,
    double periodEpochs,
    int profileSteps,
    double announceChange,
    Weighting weighting) {
  /** Reads the settings. */
  public static BatchRule of(Settings settings) {
    boolean auto = settings.isAuto("batching.initial");
    boolean adaptive = settings.is("batching.local", "adaptive");
    return new BatchRule(
        auto ? Options.FITTED_FROM : settings.smallInteger("batching.initial"),
        auto && adaptive,
        adaptive,
        settings.is("batching.division", "equal-finish")
            ? new EqualFinishDivision()
            : new ProportionalDivision(),
        GrowthRule.of(settings),
        settings.number("batching.period"),
        settings.smallInteger("batching.profile-steps"),
        settings.number("batching.announce-change"),
        Weighting.valueOf(settings.text("batching.weighting").toUpperCase(Locale.ROOT)));
  }

  /**
   * Samples between two adjustments of B: never fewer than an iteration has.
   *
   * @param trainingExamples D, over all workers
   */
  public double periodSamples(long trainingExamples, int workers) {
    return Math.max(periodEpochs * trainingExamples, (double) initial * workers);
  }
}
