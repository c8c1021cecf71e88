package io.dlion.core.optimizer;

import io.dlion.core.settings.Settings;

/**
 * Cosine annealing (Loshchilov &amp; Hutter, ICLR '17, equation 5, one cycle) after a linear
 * warm-up:
 *
 * <pre>  f + (1 − f)·(1 + cos(π·p)) / 2</pre>
 *
 * @param warmUp share of the run in which the rate rises
 * @param last f, the share of the rate at the end
 */
record CosineSchedule(double warmUp, double last) implements RateSchedule {
  static CosineSchedule of(Settings settings) {
    return new CosineSchedule(
        settings.number("optimizer.warm-up"), settings.number("optimizer.final-rate"));
  }

  @Override
  public double share(double progress) {
    if (progress < warmUp) {
      return RateSchedule.rising(progress, warmUp, last);
    }
    double p = Math.min(1, (progress - warmUp) / (1 - warmUp));
    return last + (1 - last) * (1 + StrictMath.cos(Math.PI * p)) / 2;
  }
}
