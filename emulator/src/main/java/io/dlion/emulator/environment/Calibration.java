package io.dlion.emulator.environment;

/**
 * What an iteration costs on the reference worker of 24 cores: α + β·b seconds for b samples.
 *
 * @param alphaSeconds α, seconds that do not depend on the batch
 * @param betaSeconds β, seconds per sample
 */
public record Calibration(double alphaSeconds, double betaSeconds) {
  /** What an environment assumes, whatever the model: 0.10 s + 0.90 s · b/32. */
  public static final Calibration DEFAULT = new Calibration(0.10, 0.90 / 32);

  /** Checks that a sample costs something. */
  public Calibration {
    if (!(alphaSeconds >= 0 && betaSeconds > 0)
        || Double.isInfinite(alphaSeconds)
        || Double.isInfinite(betaSeconds)) {
      throw new IllegalArgumentException(
          "expected α ≥ 0 and β > 0, found " + alphaSeconds + " and " + betaSeconds);
    }
  }

  /** Seconds of the reference worker for an iteration of so many samples. */
  public double seconds(int samples) {
    return alphaSeconds + betaSeconds * samples;
  }
}
