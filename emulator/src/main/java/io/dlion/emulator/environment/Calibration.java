package io.dlion.emulator.environment;

/**
 * What an iteration costs: α + β·b seconds of computing for b samples, on the reference worker of
 * 24 cores or, where a worker has a calibration of its own, on that; and a rest.
 *
 * @param alphaSeconds α, seconds that do not depend on the batch
 * @param betaSeconds β, seconds per sample
 * @param restSeconds seconds of each iteration in which nothing is computed, on any worker
 */
public record Calibration(double alphaSeconds, double betaSeconds, double restSeconds) {
  /** What an environment assumes, whatever the model: 0.10 s + 0.90 s · b/32. */
  public static final Calibration DEFAULT = new Calibration(0.10, 0.90 / 32);

  /** Checks that a sample costs something. */
  public Calibration {
    if (!(alphaSeconds >= 0 && betaSeconds > 0 && restSeconds >= 0)
        || Double.isInfinite(alphaSeconds)
        || Double.isInfinite(betaSeconds)
        || Double.isInfinite(restSeconds)) {
      throw new IllegalArgumentException(
          "expected α ≥ 0, β > 0 and a rest ≥ 0, found "
              + alphaSeconds
              + ", "
              + betaSeconds
              + " and "
              + restSeconds);
    }
  }

  /** Without a rest. */
  public Calibration(double alphaSeconds, double betaSeconds) {
    this(alphaSeconds, betaSeconds, 0);
  }

  /** Seconds of computing for an iteration of so many samples. */
  public double seconds(int samples) {
    return alphaSeconds + betaSeconds * samples;
  }

  /** The rest in nanoseconds. */
  public long restNanos() {
    return Math.round(restSeconds * 1e9);
  }
}
