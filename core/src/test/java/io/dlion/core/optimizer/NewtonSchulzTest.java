package io.dlion.core.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dlion.core.Seeded;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class NewtonSchulzTest {
  @Test
  void everySingularValueComesNearOne() {
    Seeded.check(
        30,
        random -> {
          int shorter = 2 + random.nextInt(20);
          int longer = shorter + 2 + random.nextInt(40);
          for (boolean wide : new boolean[] {true, false}) {
            int rows = wide ? shorter : longer;
            int columns = wide ? longer : shorter;
            float[] values = wellConditioned(random, rows, columns);
            new NewtonSchulz(rows, columns).orthogonalise(values, 0, 1);
            for (double singular : singularValues(values, rows, columns)) {
              assertThat(singular).as("%d x %d", rows, columns).isBetween(0.6, 1.3);
            }
          }
        });
  }

  @Test
  void theScaleAndThePlaceInTheLayoutAreThoseAskedFor() {
    SplittableRandom random = new SplittableRandom(1);
    float[] matrix = wellConditioned(random, 5, 9);
    float[] larger = new float[100];
    System.arraycopy(matrix, 0, larger, 20, 45);
    larger[19] = 7;
    larger[65] = 8;
    new NewtonSchulz(5, 9).orthogonalise(matrix, 0, 1);
    new NewtonSchulz(5, 9).orthogonalise(larger, 20, 3);
    for (int i = 0; i < 45; i++) {
      assertThat(larger[20 + i]).isCloseTo(3 * matrix[i], within(1e-5f));
    }
    assertThat(larger[19]).isEqualTo(7);
    assertThat(larger[65]).isEqualTo(8);
  }

  @Test
  void theResultDoesNotDependOnTheSizeOfTheMatrixNorOnItsOrientation() {
    SplittableRandom random = new SplittableRandom(2);
    float[] matrix = wellConditioned(random, 6, 10);
    float[] small = new float[60];
    float[] turned = new float[60];
    for (int i = 0; i < 60; i++) {
      small[i] = 1e-4f * matrix[i];
      turned[i % 10 * 6 + i / 10] = matrix[i];
    }
    new NewtonSchulz(6, 10).orthogonalise(matrix, 0, 1);
    new NewtonSchulz(6, 10).orthogonalise(small, 0, 1);
    new NewtonSchulz(10, 6).orthogonalise(turned, 0, 1);
    for (int i = 0; i < 60; i++) {
      assertThat(small[i]).isCloseTo(matrix[i], within(1e-4f));
      assertThat(turned[i % 10 * 6 + i / 10]).isCloseTo(matrix[i], within(1e-4f));
    }
  }

  @Test
  void anOrthogonalMatrixKeepsItsDirections() {
    float[] identity = {1, 0, 0, 1};
    new NewtonSchulz(2, 2).orthogonalise(identity, 0, 1);
    assertThat(identity[1]).isZero();
    assertThat(identity[2]).isZero();
    assertThat(identity[0]).isBetween(0.6f, 1.3f).isEqualTo(identity[3]);
  }

  @Test
  void zerosStayZeros() {
    float[] zeros = new float[12];
    new NewtonSchulz(3, 4).orthogonalise(zeros, 0, 1);
    assertThat(zeros).containsOnly(0);
  }

  /** Normally distributed, with the longer side much longer: singular values of one size. */
  private static float[] wellConditioned(SplittableRandom random, int rows, int columns) {
    float[] values = new float[rows * columns];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    for (int i = 0; i < Math.min(rows, columns); i++) {
      values[i * columns + i] += 3;
    }
    return values;
  }

  /** By one-sided Jacobi rotations of the shorter side's vectors. */
  static double[] singularValues(float[] values, int rows, int columns) {
    boolean wide = rows <= columns;
    int count = Math.min(rows, columns);
    int length = Math.max(rows, columns);
    double[][] vectors = new double[count][length];
    for (int i = 0; i < count; i++) {
      for (int j = 0; j < length; j++) {
        vectors[i][j] = values[wide ? i * columns + j : j * columns + i];
      }
    }
    for (int sweep = 0; sweep < 30; sweep++) {
      for (int i = 0; i < count; i++) {
        for (int j = i + 1; j < count; j++) {
          rotate(vectors[i], vectors[j]);
        }
      }
    }
    double[] singular = new double[count];
    for (int i = 0; i < count; i++) {
      singular[i] = Math.sqrt(product(vectors[i], vectors[i]));
    }
    return singular;
  }

  /** Makes two vectors orthogonal. */
  private static void rotate(double[] a, double[] b) {
    double across = product(a, b);
    if (Math.abs(across) < 1e-14) {
      return;
    }
    double zeta = (product(b, b) - product(a, a)) / (2 * across);
    double sign = zeta >= 0 ? 1 : -1;
    double tangent = sign / (Math.abs(zeta) + Math.sqrt(1 + zeta * zeta));
    double cosine = 1 / Math.sqrt(1 + tangent * tangent);
    for (int i = 0; i < a.length; i++) {
      double x = a[i];
      a[i] = cosine * (x - tangent * b[i]);
      b[i] = cosine * (tangent * x + b[i]);
    }
  }

  private static double product(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}
