package io.dlion.data.generated;

import java.util.SplittableRandom;

/**
 * Draws one image of {@link ShapeImages}: chooses all that varies from a seed, then computes each
 * pixel from signed distances, edges smoothed over a pixel. Used once, by one thread.
 */
final class ShapePainter {
  private static final int LINES_MAX = 4;

  private final Figure figure;
  private final int side;
  private final int channels;
  private final SplittableRandom random;

  private final double radius;
  private final double centreX;
  private final double centreY;
  private final double cos;
  private final double sin;
  private final double stretch;
  private final double line;
  private final double slopeX;
  private final double slopeY;
  private final double noise;
  private final double[] back;
  private final double[] front;
  private final StrayLine[] strayLines;

  private ShapePainter(Figure figure, int side, int channels, SplittableRandom random) {
    this.figure = figure;
    this.side = side;
    this.channels = channels;
    this.random = random;
    radius = side * between(0.28, 0.42);
    centreX = side * 0.5 + (side * 0.5 - radius) * between(-0.6, 0.6);
    centreY = side * 0.5 + (side * 0.5 - radius) * between(-0.6, 0.6);
    double angle = between(-0.5, 0.5);
    cos = StrictMath.cos(angle);
    sin = StrictMath.sin(angle);
    stretch = between(0.85, 1.18);
    line = between(0.12, 0.24);
    slopeX = between(-0.25, 0.25) / side;
    slopeY = between(-0.25, 0.25) / side;
    noise = between(0.02, 0.12);
    back = new double[channels];
    front = new double[channels];
    chooseColours();
    strayLines = new StrayLine[1 + random.nextInt(LINES_MAX)];
    for (int i = 0; i < strayLines.length; i++) {
      strayLines[i] = strayLine();
    }
  }

  static ShapePainter of(Figure figure, int side, int channels, long seed) {
    return new ShapePainter(figure, side, channels, new SplittableRandom(seed));
  }

  private double between(double low, double high) {
    return low + (high - low) * random.nextDouble();
  }

  /** Some contrast in every channel, lighter or darker (each channel for itself). */
  private void chooseColours() {
    for (int c = 0; c < channels; c++) {
      double contrast = between(0.3, 0.8);
      double low = between(0.05, 0.95 - contrast);
      boolean light = random.nextInt(8) > 0;
      back[c] = light ? low : low + contrast;
      front[c] = light ? low + contrast : low;
    }
  }

  private StrayLine strayLine() {
    double x = between(0, side);
    double y = between(0, side);
    double angle = between(0, 2 * Math.PI);
    double length = side * between(0.15, 0.5);
    return new StrayLine(
        x,
        y,
        length * StrictMath.cos(angle),
        length * StrictMath.sin(angle),
        between(0.4, 1.1),
        between(0.3, 0.9));
  }

  /**
   * A stroke from a point.
   *
   * @param thickness half of it, in pixels
   * @param strength how much of the way from the background's to the figure's colour
   */
  private record StrayLine(
      double x, double y, double dx, double dy, double thickness, double strength) {
    double cover(double px, double py) {
      double along = ((px - x) * dx + (py - y) * dy) / (dx * dx + dy * dy);
      double t = Math.clamp(along, 0, 1);
      return strength
          * ShapePainter.cover(Figure.length(px - x - t * dx, py - y - t * dy) - thickness);
    }
  }

  /** The share of a pixel that lies inside an edge at this distance in pixels. */
  private static double cover(double distance) {
    return Math.clamp(0.5 - distance, 0, 1);
  }

  void paint(byte[] into, int offset) {
    int at = offset;
    for (int y = 0; y < side; y++) {
      for (int x = 0; x < side; x++) {
        double cover = figureCover(x + 0.5, y + 0.5);
        for (StrayLine stray : strayLines) {
          cover = Math.max(cover, stray.cover(x + 0.5, y + 0.5));
        }
        double slope = slopeX * (x - side * 0.5) + slopeY * (y - side * 0.5);
        for (int c = 0; c < channels; c++) {
          double value = back[c] + (front[c] - back[c]) * cover + slope + noise * gauss();
          into[at++] = (byte) Math.clamp((int) (value * 255 + 0.5), 0, 255);
        }
      }
    }
  }

  private double figureCover(double px, double py) {
    double x = (px - centreX) / radius;
    double y = (py - centreY) / radius;
    double u = (cos * x + sin * y) * stretch;
    double v = (cos * y - sin * x) / stretch;
    return cover(figure.distance(u, v, line) * radius);
  }

  /** Nearly normal with mean 0 and deviation 1: four uniform 16-bit numbers added. */
  private double gauss() {
    long bits = random.nextLong();
    long sum =
        (bits & 0xffff) + (bits >>> 16 & 0xffff) + (bits >>> 32 & 0xffff) + (bits >>> 48 & 0xffff);
    return (sum - 131_070) * (1 / 37_837.2);
  }
}
