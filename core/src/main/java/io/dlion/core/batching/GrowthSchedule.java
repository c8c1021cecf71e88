package io.dlion.core.batching;

/**
 * The paper's schedule: in warm-up {@code B ← B + c_w} while B is below 1 % of the training
 * samples, then in speed-up {@code B ← B · c_s} while it is below 10 %, then B stays. Neither bound
 * is crossed.
 *
 * @param warmUpStep c_w, in samples
 * @param warmUpBound where warm-up ends, in samples
 * @param speedUpFactor c_s
 * @param speedUpBound where growth ends, in samples
 */
public record GrowthSchedule(
    double warmUpStep, double warmUpBound, double speedUpFactor, double speedUpBound)
    implements Growth {
  @Override
  public int next(int batch, double noiseScale) {
    if (batch < Math.floor(warmUpBound)) {
      return (int) Math.min(Math.rint(batch + warmUpStep), Math.floor(warmUpBound));
    }
    if (batch < Math.floor(speedUpBound)) {
      return (int) Math.min(Math.rint(batch * speedUpFactor), Math.floor(speedUpBound));
    }
    return batch;
  }
}
