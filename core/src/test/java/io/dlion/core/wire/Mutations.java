package io.dlion.core.wire;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Damages messages: flipped bits, cut ends, absurd numbers, swapped fields, pieces of other
 * messages; most with header and checksum made right again, so that every check behind them is
 * reached.
 */
public final class Mutations {
  private static final int RUBBISH_BYTES = 64;
  private static final long[] LONGS = {
    0, 1, -1, 127, 128, 0x7fff_ffffL, 0x8000_0000L, 1L << 53, Long.MAX_VALUE, Long.MIN_VALUE
  };
  private static final int[] INTS = {
    0, 1, -1, 127, 128, 16_384, 1 << 28, Integer.MAX_VALUE, Integer.MIN_VALUE
  };
  private static final float[] FLOATS = {
    0, -0f, 1, -1, Float.NaN, Float.POSITIVE_INFINITY, Float.MAX_VALUE, Float.MIN_VALUE
  };
  private static final double[] DOUBLES = {
    0, -1, Double.NaN, Double.NEGATIVE_INFINITY, Double.MAX_VALUE, Double.MIN_VALUE, 1e-300
  };

  private Mutations() {}

  /** A damaged copy with rubbish behind its end, where a reader must not look. */
  public static Payload of(
      Payload original, Payload other, long fingerprint, SplittableRandom random) {
    byte[] b = new byte[original.length() + RUBBISH_BYTES];
    random.nextBytes(b);
    System.arraycopy(original.bytes(), 0, b, 0, original.length());
    int length = original.length();
    for (int n = 1 + random.nextInt(3); n > 0; n--) {
      if (random.nextInt(6) == 0) {
        length = random.nextInt(b.length + 1);
      } else {
        change(b, original.length(), other, random);
      }
    }
    if (length >= Frame.BYTES && random.nextInt(4) != 0) {
      int kinds = MessageType.values().length;
      int kind = random.nextInt(8) == 0 ? random.nextInt(kinds) : original.bytes()[3];
      Frame.seal(b, length, MessageType.values()[kind], fingerprint);
    }
    return new Payload(b, length);
  }

  private static void change(byte[] b, int end, Payload other, SplittableRandom random) {
    int at = random.nextInt(end);
    switch (random.nextInt(9)) {
      case 0 -> b[at] ^= (byte) (1 << random.nextInt(8));
      case 1 -> b[at] = (byte) random.nextInt();
      case 2 -> Arrays.fill(b, at, Math.min(at + 5, end), (byte) 0xff);
      case 3 -> Bytes.putLong(b, at, LONGS[random.nextInt(LONGS.length)]);
      case 4 -> Bytes.putInt(b, at, INTS[random.nextInt(INTS.length)]);
      case 5 -> Bytes.putFloat(b, at, FLOATS[random.nextInt(FLOATS.length)]);
      case 6 -> Bytes.putDouble(b, at, DOUBLES[random.nextInt(DOUBLES.length)]);
      case 7 -> {
        int with = random.nextInt(end);
        for (int i = 0; i < 8; i++) {
          byte kept = b[at + i];
          b[at + i] = b[with + i];
          b[with + i] = kept;
        }
      }
      default -> {
        int from = random.nextInt(other.length());
        int count = Math.min(random.nextInt(64), Math.min(end - at, other.length() - from));
        System.arraycopy(other.bytes(), from, b, at, count);
      }
    }
  }
}
