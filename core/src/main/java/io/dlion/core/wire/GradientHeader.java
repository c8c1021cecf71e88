package io.dlion.core.wire;

/**
 * What stands before the values of a gradient.
 *
 * @param iteration the newest iteration of the sender that is part of it
 * @param batchSize samples that the sender has processed in that iteration
 * @param samples all samples the sender has processed so far
 * @param scale what the values have to be multiplied by to become what the sender contributes: 1
 *     where weighted gradients of several iterations were accumulated; else the weight of a mean
 *     gradient, {@code b / B}, or the batch size where the receiver weights it
 * @param noiseScale the sender's estimate of the gradient noise scale in samples; 0 where it has
 *     none
 * @param likeness the cosine between gradients that the sender has anticipated and those that came;
 *     0 where it knows none
 */
public record GradientHeader(
    long iteration, int batchSize, long samples, float scale, float noiseScale, float likeness) {
  /** Encoded size, the format's byte included. */
  static final int BYTES = 8 + 4 + 8 + 4 + 4 + 4 + 1;

  void write(byte[] b, ValueFormat format) {
    int at = Frame.BYTES;
    Bytes.putLong(b, at, iteration);
    Bytes.putInt(b, at + 8, batchSize);
    Bytes.putLong(b, at + 12, samples);
    Bytes.putFloat(b, at + 20, scale);
    Bytes.putFloat(b, at + 24, noiseScale);
    Bytes.putFloat(b, at + 28, likeness);
    b[at + 32] = (byte) format.ordinal();
  }

  static GradientHeader read(byte[] b) throws MalformedMessageException {
    int at = Frame.BYTES;
    GradientHeader h =
        new GradientHeader(
            Bytes.getLong(b, at),
            Bytes.getInt(b, at + 8),
            Bytes.getLong(b, at + 12),
            Bytes.getFloat(b, at + 20),
            Bytes.getFloat(b, at + 24),
            Bytes.getFloat(b, at + 28));
    if (!Counts.arePossible(h.iteration, h.samples) || h.batchSize < 1 || h.samples < h.batchSize) {
      throw new MalformedMessageException("gradient with impossible counts: " + h);
    }
    if (!(h.scale > 0 && h.scale <= h.batchSize)
        || !(h.noiseScale >= 0 && h.noiseScale < Float.POSITIVE_INFINITY)
        || !(h.likeness >= -1 && h.likeness <= 1)) {
      throw new MalformedMessageException("gradient with an impossible scale or likeness: " + h);
    }
    return h;
  }
}
