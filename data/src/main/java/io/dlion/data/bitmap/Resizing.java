package io.dlion.data.bitmap;

/**
 * Brings images to a square of one size: the shorter side is resized to it, and the middle of the
 * longer side is kept. The filter is a triangle as wide as the pixels of the smaller of the two
 * images (bilinear, antialiased). Whole numbers make the result the same on every machine, and the
 * same as that of torchvision's {@code Resize(size)} and {@code CenterCrop(size)} on Pillow images.
 *
 * <p>The filter follows {@code Resample.c} of Pillow: each axis for itself, the horizontal one
 * first, weights in fixed point, and samples rounded to a byte in between.
 */
public final class Resizing {
  private static final int FRACTION_BITS = 32 - 8 - 2;

  private Resizing() {}

  /** The weights for the samples of one axis. */
  private static final class Axis {
    /** For each output, the first input that counts. */
    final int[] first;

    /** For each output, the weights of the inputs from the first on. */
    final int[][] weights;

    private Axis(int[] first, int[][] weights) {
      this.first = first;
      this.weights = weights;
    }

    static Axis of(int length, long resized, int kept) {
      double skipped = Math.rint((resized - kept) / 2.0);
      double scale = (double) length / resized;
      double support = Math.max(scale, 1);
      int[] first = new int[kept];
      int[][] weights = new int[kept][];
      for (int i = 0; i < kept; i++) {
        double center = (skipped + i + 0.5) * scale;
        first[i] = Math.max((int) (center - support + 0.5), 0);
        int end = Math.min((int) (center + support + 0.5), length);
        weights[i] = weights(first[i], end, center, support);
      }
      return new Axis(first, weights);
    }

    private static int[] weights(int first, int end, double center, double support) {
      double[] exact = new double[end - first];
      double sum = 0;
      for (int i = 0; i < exact.length; i++) {
        exact[i] = Math.max(0, 1 - Math.abs((first + i - center + 0.5) * (1 / support)));
        sum += exact[i];
      }
      int[] weights = new int[exact.length];
      for (int i = 0; i < exact.length; i++) {
        weights[i] = (int) (0.5 + exact[i] / sum * (1 << FRACTION_BITS));
      }
      return weights;
    }
  }

  /** The image as a square of {@code size} by {@code size} pixels. */
  public static Bitmap square(Bitmap image, int size) {
    int width = image.width();
    int height = image.height();
    if (width == size && height == size) {
      return image;
    }
    Axis columns = Axis.of(width, resized(width, height, size), size);
    Axis rows = Axis.of(height, resized(height, width, size), size);
    int channels = image.channels();
    int firstRow = rows.first[0];
    int endRow = rows.first[size - 1] + rows.weights[size - 1].length;
    byte[] narrow = new byte[(endRow - firstRow) * size * channels];
    for (int y = firstRow; y < endRow; y++) {
      for (int x = 0; x < size; x++) {
        int from = (y * width + columns.first[x]) * channels;
        int to = ((y - firstRow) * size + x) * channels;
        for (int c = 0; c < channels; c++) {
          narrow[to + c] = sum(image.samples(), from + c, channels, columns.weights[x]);
        }
      }
    }
    int stride = size * channels;
    byte[] square = new byte[size * stride];
    for (int y = 0; y < size; y++) {
      for (int x = 0; x < stride; x++) {
        int from = (rows.first[y] - firstRow) * stride + x;
        square[y * stride + x] = sum(narrow, from, stride, rows.weights[y]);
      }
    }
    return new Bitmap(size, size, channels, square);
  }

  /** The length of a side when the shorter one has become {@code size}. */
  private static long resized(int side, int other, int size) {
    return side <= other ? size : (long) size * side / other;
  }

  private static byte sum(byte[] samples, int from, int stride, int[] weights) {
    int sum = 1 << (FRACTION_BITS - 1);
    for (int i = 0; i < weights.length; i++) {
      sum += (samples[from + i * stride] & 0xff) * weights[i];
    }
    return (byte) Math.clamp(sum >> FRACTION_BITS, 0, 255);
  }
}
