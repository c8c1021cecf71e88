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
 * @param extension what the sender's update rule tells besides
 */
public record GradientHeader(
    long iteration,
    int batchSize,
    long samples,
    float scale,
    float noiseScale,
    HeaderExtension extension) {
  /** Encoded size without the extension, the byte of formats included. */
  static final int BYTES = 8 + 4 + 8 + 4 + 4 + 1;

  private static final int FORMAT_BITS = 3;

  /** Encoded size, the extension included. */
  int bytes() {
    return BYTES + extension.bytes();
  }

  void write(byte[] b, ValueFormat format) {
    int at = Frame.BYTES;
    Bytes.putLong(b, at, iteration);
    Bytes.putInt(b, at + 8, batchSize);
    Bytes.putLong(b, at + 12, samples);
    Bytes.putFloat(b, at + 20, scale);
    Bytes.putFloat(b, at + 24, noiseScale);
    b[at + 28] = (byte) (extension.flags() << FORMAT_BITS | format.ordinal());
    extension.write(b, at + BYTES);
  }

  /** The format of the values behind a header that is {@linkplain #read read}. */
  static ValueFormat format(byte[] b) throws MalformedMessageException {
    int format = b[Frame.BYTES + BYTES - 1] & ((1 << FORMAT_BITS) - 1);
    if (format >= ValueFormat.values().length) {
      throw new MalformedMessageException("gradient in unknown value format " + format);
    }
    return ValueFormat.values()[format];
  }

  /**
   * Reads and checks the header of a gradient, a commit or a model.
   *
   * @throws MalformedMessageException naming what is wrong
   */
  public static GradientHeader read(Payload payload) throws MalformedMessageException {
    if (payload.length() < Frame.BYTES + BYTES) {
      throw new MalformedMessageException(
          "gradient of " + payload.length() + " bytes: shorter than its header");
    }
    byte[] b = payload.bytes();
    int at = Frame.BYTES;
    int flags = (b[at + BYTES - 1] & 0xff) >> FORMAT_BITS;
    GradientHeader h =
        new GradientHeader(
            Bytes.getLong(b, at),
            Bytes.getInt(b, at + 8),
            Bytes.getLong(b, at + 12),
            Bytes.getFloat(b, at + 20),
            Bytes.getFloat(b, at + 24),
            HeaderExtension.read(payload, at + BYTES, flags));
    if (!Counts.arePossible(h.iteration, h.samples) || h.batchSize < 1 || h.samples < h.batchSize) {
      throw new MalformedMessageException("gradient with impossible counts: " + h);
    }
    if (!(h.scale > 0 && h.scale <= h.batchSize)
        || !(h.noiseScale >= 0 && h.noiseScale < Float.POSITIVE_INFINITY)) {
      throw new MalformedMessageException("gradient with an impossible scale: " + h);
    }
    return h;
  }
}
