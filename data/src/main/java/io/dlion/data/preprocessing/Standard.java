package io.dlion.data.preprocessing;

import java.util.Arrays;

/**
 * Mean and standard deviation of one column or channel, to standardise it: {@code (x − mean) /
 * deviation}. A column that is the same everywhere becomes zero.
 */
public record Standard(double mean, double deviation) {
  /**
   * Of the values {@code values[rows[i] · stride + offset]}; two passes, for columns whose
   * deviation is small beside their mean.
   */
  static Standard of(double[] values, int stride, int offset, int[] rows) {
    double[] weights = new double[rows.length];
    Arrays.fill(weights, 1);
    return of(values, stride, offset, rows, weights);
  }

  /** The same with a weight for each of the rows. */
  static Standard of(double[] values, int stride, int offset, int[] rows, double[] weights) {
    double sum = 0;
    double weight = 0;
    for (int i = 0; i < rows.length; i++) {
      sum += weights[i] * values[rows[i] * stride + offset];
      weight += weights[i];
    }
    double mean = sum / weight;
    double squares = 0;
    for (int i = 0; i < rows.length; i++) {
      double d = values[rows[i] * stride + offset] - mean;
      squares += weights[i] * d * d;
    }
    return of(mean, Math.sqrt(squares / weight));
  }

  /** Of values whose mean and deviation are known; a deviation of nothing but rounding is none. */
  static Standard of(double mean, double deviation) {
    return new Standard(mean, deviation > 1e-12 * Math.abs(mean) ? deviation : 1);
  }

  /** Whether both are; not so where numbers are too large to be added up. */
  boolean isFinite() {
    return Double.isFinite(mean) && Double.isFinite(deviation);
  }

  /** Standardises the same values of a table into floats. */
  void apply(double[] values, int stride, int offset, float[] to) {
    for (int i = offset; i < values.length; i += stride) {
      to[i] = standardised(values[i]);
    }
  }

  /** Standardises one value. */
  public float standardised(double value) {
    return (float) ((value - mean) / deviation);
  }
}
