package io.dlion.data.image;

import io.dlion.data.preprocessing.Standard;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What a byte of an image becomes: {@code (x / 255 − mean) / deviation}, mean and standard
 * deviation per channel over the training images, looked up in a table of 256 floats per channel. A
 * channel that is the same everywhere is only shifted. Exact integer sums make it the same on any
 * machine. Immutable.
 */
public final class PixelScale {
  /** Value {@code x} of channel {@code c} at {@code c · 256 + x}. */
  private final float[] table;

  /** The table of these channels. */
  public PixelScale(List<Standard> channels) {
    table = new float[256 * channels.size()];
    for (int i = 0; i < table.length; i++) {
      Standard channel = channels.get(i / 256);
      table[i] = (float) ((i % 256 / 255.0 - channel.mean()) / channel.deviation());
    }
  }

  /** Mean and deviation of every channel over the given rows, of values from 0 to 1. */
  public static List<Standard> measure(Pixels pixels, int[] rows) {
    long[] histogram = new long[256 * pixels.channels];
    for (int row : rows) {
      count(pixels.chunk(row), pixels.offset(row), pixels.rowBytes, pixels.channels, histogram);
    }
    return IntStream.range(0, pixels.channels).mapToObj(c -> standard(histogram, c * 256)).toList();
  }

  private static void count(byte[] from, int offset, int length, int channels, long[] histogram) {
    for (int c = 0; c < channels; c++) {
      for (int i = offset + c; i < offset + length; i += channels) {
        histogram[c * 256 + (from[i] & 0xff)]++;
      }
    }
  }

  private static Standard standard(long[] histogram, int at) {
    long n = 0;
    double sum = 0;
    for (int x = 0; x < 256; x++) {
      n += histogram[at + x];
      sum += (double) histogram[at + x] * x;
    }
    double mean = sum / n;
    double squares = 0;
    for (int x = 0; x < 256; x++) {
      squares += histogram[at + x] * (x - mean) * (x - mean);
    }
    double deviation = squares > 0 ? Math.sqrt(squares / n) : 255;
    return new Standard(mean / 255, deviation / 255);
  }

  /** Scales {@code to.length} bytes of channels-last pixels. */
  public void apply(byte[] from, int offset, int channels, float[] to) {
    switch (channels) {
      case 1 -> grey(from, offset, to);
      case 3 -> colour(from, offset, to);
      default -> throw new IllegalStateException(channels + " channels");
    }
  }

  private void grey(byte[] from, int offset, float[] to) {
    float[] t = table;
    for (int i = 0; i < to.length; i++) {
      to[i] = t[from[offset + i] & 0xff];
    }
  }

  private void colour(byte[] from, int offset, float[] to) {
    float[] t = table;
    for (int i = 0; i + 2 < to.length; i += 3) {
      to[i] = t[from[offset + i] & 0xff];
      to[i + 1] = t[256 + (from[offset + i + 1] & 0xff)];
      to[i + 2] = t[512 + (from[offset + i + 2] & 0xff)];
    }
  }
}
