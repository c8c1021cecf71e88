package io.dlion.core.batching;

/**
 * Grows B by the schedule's factor only where gradient noise dominates: where the noise scale
 * (McCandlish '18) is at least {@code noiseFactor} times B, a step is mostly noise and a larger
 * batch costs little per sample and gains stability.
 *
 * @param noiseFactor how many times B the noise scale must be
 * @param factor of B in one adjustment
 * @param bound where growth ends, in samples
 */
public record NoiseGuidedGrowth(double noiseFactor, double factor, double bound) implements Growth {
  @Override
  public int next(int batch, double noiseScale) {
    return noiseScale >= noiseFactor * batch && batch < Math.floor(bound)
        ? (int) Math.min(Math.rint(batch * factor), Math.floor(bound))
        : batch;
  }
}
