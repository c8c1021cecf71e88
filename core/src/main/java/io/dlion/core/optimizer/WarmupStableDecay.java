package io.dlion.core.optimizer;

import io.dlion.core.settings.Settings;

/**
 * Warm-up, then the full rate, then a linear decay (Hu et al. '24, "MiniCPM", section 4).
 *
 * @param warmUp share of the run in which the rate rises
 * @param decay share of the run in which it falls
 * @param last the share of the rate at the end
 */
record WarmupStableDecay(double warmUp, double decay, double last) implements RateSchedule {
  static WarmupStableDecay of(Settings settings) {
    return new WarmupStableDecay(
        settings.number("optimizer.warm-up"),
        settings.number("optimizer.decay"),
        settings.number("optimizer.final-rate"));
  }

  @Override
  public double share(double progress) {
    if (progress < 1 - decay) {
      return RateSchedule.rising(progress, warmUp, last);
    }
    return last + (1 - last) * Math.max(0, 1 - progress) / decay;
  }
}
