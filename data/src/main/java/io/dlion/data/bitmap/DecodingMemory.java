package io.dlion.data.bitmap;

import io.dlion.core.Phrase;
import io.dlion.core.UserError;
import java.util.concurrent.Semaphore;

/**
 * Bounds the memory that images take while they are decoded: a small file can promise billions of
 * pixels, and each core decodes an image of its own. Thread safe.
 */
final class DecodingMemory {
  /** Where Pillow takes an image for an attack. */
  static final long PIXELS_MAX = 178_956_970;

  /** Decoded, as samples, turned, and what the decoder itself needs. */
  private static final long BYTES_PER_PIXEL = 16;

  private static final int UNIT_BYTES = 1 << 16;
  private static final int UNITS =
      (int) Math.min(Runtime.getRuntime().maxMemory() / 2 / UNIT_BYTES, Integer.MAX_VALUE);
  private static final Semaphore FREE = new Semaphore(UNITS);

  private DecodingMemory() {}

  /** Fails where a header promises what no photograph has. */
  static void requireSane(String place, int width, int height) {
    if (width < 1 || height < 1 || (long) width * height > PIXELS_MAX) {
      throw new UserError(
          Phrase.of(
              "%s: expected an image of at most %,d pixels, found %d×%d in its header; make it smaller or remove it",
              place, PIXELS_MAX, width, height));
    }
  }

  /**
   * Waits until there is memory for an image.
   *
   * @return how much to {@link #release}
   * @throws UserError where there will never be
   */
  static int acquire(String place, int width, int height) {
    long units = (long) width * height * BYTES_PER_PIXEL / UNIT_BYTES + 1;
    if (units > UNITS) {
      throw new UserError(
          Phrase.of(
              "%s: an image of %d×%d takes %,d MB while it is decoded, this process may use %,d MB for that; make it smaller, or give a larger -Xmx",
              place, width, height, megabytes(units), megabytes(UNITS)));
    }
    FREE.acquireUninterruptibly((int) units);
    return (int) units;
  }

  private static long megabytes(long units) {
    return (units * UNIT_BYTES) >> 20;
  }

  static void release(int units) {
    FREE.release(units);
  }
}
