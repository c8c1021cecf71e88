package io.dlion.data.generated;

/**
 * The figures of {@code generated:shapes}, each by its signed distance: negative inside, positive
 * outside, in units of the figure's radius, right at least near the edge. Only arithmetic that is
 * the same bit for bit on every machine.
 */
enum Figure {
  DISK {
    @Override
    double distance(double x, double y, double line) {
      return length(x, y) - 0.9;
    }
  },
  RING {
    @Override
    double distance(double x, double y, double line) {
      return Math.abs(length(x, y) - 0.8) - line;
    }
  },
  SQUARE {
    @Override
    double distance(double x, double y, double line) {
      return box(x, y, 0.75, 0.75);
    }
  },
  FRAME {
    @Override
    double distance(double x, double y, double line) {
      return Math.abs(box(x, y, 0.7, 0.7)) - line;
    }
  },
  TRIANGLE {
    @Override
    double distance(double x, double y, double line) {
      double slanted = 0.5 * y + 0.8660254037844386 * Math.abs(x);
      return Math.max(-y, slanted) - 0.5;
    }
  },
  CROSS {
    @Override
    double distance(double x, double y, double line) {
      return Math.min(box(x, y, 0.95, line * 1.6), box(x, y, line * 1.6, 0.95));
    }
  },
  STAR {
    // Five points by folding the plane twice, after I. Quilez, "2D distance functions".
    @Override
    double distance(double x, double y, double line) {
      double c = 0.8090169943749475;
      double s = 0.5877852522924731;
      double px = Math.abs(x);
      double py = y;
      double first = 2 * Math.max(c * px - s * py, 0);
      px -= first * c;
      py += first * s;
      double second = 2 * Math.max(-c * px - s * py, 0);
      px += second * c;
      py += second * s;
      px = Math.abs(px);
      py -= 1;
      double ax = 0.45 * s;
      double ay = 0.45 * c - 1;
      double along = Math.clamp((px * ax + py * ay) / (ax * ax + ay * ay), 0, 1);
      double away = length(px - ax * along, py - ay * along);
      return py * ax - px * ay > 0 ? away : -away;
    }
  },
  CRESCENT {
    @Override
    double distance(double x, double y, double line) {
      return Math.max(length(x, y) - 0.9, 0.75 - length(x - 0.45, y));
    }
  },
  STRIPES {
    @Override
    double distance(double x, double y, double line) {
      return Math.max(length(x, y) - 0.95, bars(x));
    }
  },
  CHECKERS {
    @Override
    double distance(double x, double y, double line) {
      double a = bars(x);
      double b = bars(y);
      return Math.max(length(x, y) - 0.95, Math.max(Math.min(a, b), -Math.max(a, b)));
    }
  };

  /**
   * Signed distance of a point to the edge.
   *
   * @param line half the thickness of lines, for the figures that are drawn with them
   */
  abstract double distance(double x, double y, double line);

  static double length(double x, double y) {
    return Math.sqrt(x * x + y * y);
  }

  private static double box(double x, double y, double halfWidth, double halfHeight) {
    return Math.max(Math.abs(x) - halfWidth, Math.abs(y) - halfHeight);
  }

  /** Endless upright bars as wide as the gaps between them, four of each to two units. */
  private static double bars(double x) {
    double cell = x * 1.6 + 0.25;
    double within = cell - Math.floor(cell);
    return (Math.abs(within - 0.5) - 0.25) / 1.6;
  }
}
