package io.dlion.core.optimizer;

import java.util.Arrays;

/**
 * The nearest orthogonal matrix, about: every singular value of a matrix is moved to between 0.7
 * and 1.2 by five steps of the quintic Newton-Schulz iteration that Muon uses (Jordan et al. '24),
 *
 * <pre>  X ← a·X + b·(X·Xᵀ)·X + c·(X·Xᵀ)²·X,   a, b, c = 3.4445, −4.7750, 2.0315</pre>
 *
 * Rows are arrays of their own and all inner loops run along one row of each, so that they become
 * vector instructions. Not thread safe.
 */
final class NewtonSchulz {
  private static final int STEPS = 5;
  private static final float A = 3.4445f;
  private static final float B = -4.7750f;
  private static final float C = 2.0315f;
  private static final double NORM_MIN = 1e-7;

  private final int rows;
  private final int columns;
  private final boolean transposed;
  private float[][] x;
  private float[][] next;
  private final float[][] flipped;
  private final float[][] square;
  private final float[][] polynomial;

  /** Scratch memory for matrices of that shape. */
  NewtonSchulz(int rows, int columns) {
    this.transposed = rows > columns; // products are of the shorter side
    this.rows = Math.min(rows, columns);
    this.columns = Math.max(rows, columns);
    this.x = new float[this.rows][this.columns];
    this.next = new float[this.rows][this.columns];
    this.flipped = new float[this.columns][this.rows];
    this.square = new float[this.rows][this.rows];
    this.polynomial = new float[this.rows][this.rows];
  }

  /**
   * Replaces a matrix by {@code scale} times the orthogonal one.
   *
   * @param values with the matrix row by row from {@code offset} on
   */
  void orthogonalise(float[] values, int offset, float scale) {
    double squares = 0;
    for (int i = 0; i < rows * columns; i++) {
      squares += (double) values[offset + i] * values[offset + i];
    }
    load(values, offset, (float) (1 / Math.max(NORM_MIN, Math.sqrt(squares))));
    for (int step = 0; step < STEPS; step++) {
      flip();
      multiply(x, flipped, square);
      multiply(square, square, polynomial);
      for (int i = 0; i < rows; i++) {
        combine(polynomial[i], C, square[i], B);
      }
      multiply(polynomial, x, next);
      for (int i = 0; i < rows; i++) {
        combine(next[i], 1, x[i], A);
      }
      float[][] before = x;
      x = next;
      next = before;
    }
    store(values, offset, scale);
  }

  private void load(float[] values, int offset, float factor) {
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        x[i][j] = factor * values[offset + (transposed ? j * rows + i : i * columns + j)];
      }
    }
  }

  private void store(float[] values, int offset, float scale) {
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        values[offset + (transposed ? j * rows + i : i * columns + j)] = scale * x[i][j];
      }
    }
  }

  private void flip() {
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        flipped[j][i] = x[i][j];
      }
    }
  }

  /** {@code to = left · right}. */
  private static void multiply(float[][] left, float[][] right, float[][] to) {
    int inner = right.length;
    int fours = inner & -4;
    for (int i = 0; i < left.length; i++) {
      float[] row = left[i];
      float[] out = to[i];
      Arrays.fill(out, 0f);
      for (int k = 0; k < fours; k += 4) {
        addFour(out, row, k, right[k], right[k + 1], right[k + 2], right[k + 3]);
      }
      for (int k = fours; k < inner; k++) {
        combine(out, 1, right[k], row[k]);
      }
    }
  }

  private static void addFour(
      float[] out, float[] by, int k, float[] r0, float[] r1, float[] r2, float[] r3) {
    float b0 = by[k];
    float b1 = by[k + 1];
    float b2 = by[k + 2];
    float b3 = by[k + 3];
    for (int j = 0; j < out.length; j++) {
      out[j] += b0 * r0[j] + b1 * r1[j] + b2 * r2[j] + b3 * r3[j];
    }
  }

  /** {@code to = factor · to + share · other}. */
  private static void combine(float[] to, float factor, float[] other, float share) {
    for (int j = 0; j < to.length; j++) {
      to[j] = factor * to[j] + share * other[j];
    }
  }
}
