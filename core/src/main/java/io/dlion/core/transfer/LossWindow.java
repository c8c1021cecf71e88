package io.dlion.core.transfer;

/** Mean and standard error of a worker's last L training losses. Not thread safe. */
final class LossWindow {
  private final double[] losses;
  private long seen;

  LossWindow(int length) {
    losses = new double[length];
  }

  void add(double loss) {
    losses[(int) (seen++ % losses.length)] = loss;
  }

  private int filled() {
    return (int) Math.min(seen, losses.length);
  }

  double mean() {
    double sum = 0;
    for (int i = 0; i < filled(); i++) {
      sum += losses[i];
    }
    return sum / filled();
  }

  double standardError() {
    int n = filled();
    if (n < 2) {
      return 0;
    }
    double mean = mean();
    double squares = 0;
    for (int i = 0; i < n; i++) {
      squares += (losses[i] - mean) * (losses[i] - mean);
    }
    return Math.sqrt(squares / (n - 1) / n);
  }
}
