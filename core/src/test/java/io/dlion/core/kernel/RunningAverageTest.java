package io.dlion.core.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

final class RunningAverageTest {
  @Test
  void newerStepsCountMoreByHand() {
    RunningAverage average = new RunningAverage(1, 1); // c = 2/(t+1): 1, 2/3, 1/2
    average.add(MemorySegment.ofArray(new float[] {9}));
    assertThat(value(average)).isEqualTo(9);
    average.add(MemorySegment.ofArray(new float[] {3}));
    assertThat(value(average)).isCloseTo(5, Offset.offset(1e-6f)); // 9/3 + 3·2/3
    average.add(MemorySegment.ofArray(new float[] {1}));
    assertThat(value(average)).isCloseTo(3, Offset.offset(1e-6f));
    average.restart();
    average.add(MemorySegment.ofArray(new float[] {7}));
    assertThat(value(average)).isEqualTo(7);
  }

  @Test
  void weightsOfStepsGrowLikeAPolynomial() {
    // Unrolled, step s counts in proportion to (s + 1)(s + 2)…(s + γ): for γ = 3 a cubic.
    SplittableRandom random = new SplittableRandom(1);
    int size = 3 * Blocks.BLOCK / 2;
    RunningAverage average = new RunningAverage(size, 3);
    double[] sum = new double[size];
    double weights = 0;
    for (int s = 1; s <= 40; s++) {
      float[] values = new float[size];
      double weight = (double) s * (s + 1) * (s + 2);
      weights += weight;
      for (int i = 0; i < size; i++) {
        values[i] = (float) random.nextGaussian();
        sum[i] += weight * values[i];
      }
      average.add(MemorySegment.ofArray(values));
    }
    float[] found = average.values().toArray(ValueLayout.JAVA_FLOAT);
    for (int i = 0; i < size; i++) {
      assertThat((double) found[i]).isCloseTo(sum[i] / weights, Offset.offset(1e-5));
    }
  }

  @Test
  void valuesAndAverageChangePlacesAndBack() {
    float[] values = {1, 2};
    RunningAverage average = new RunningAverage(2, 8);
    average.add(MemorySegment.ofArray(new float[] {5, 6}));
    average.swap(MemorySegment.ofArray(values));
    assertThat(values).containsExactly(5, 6);
    assertThat(average.values().toArray(ValueLayout.JAVA_FLOAT)).containsExactly(1, 2);
    average.swap(MemorySegment.ofArray(values));
    assertThat(values).containsExactly(1, 2);
  }

  @Test
  void itGoesOnFromWhatWasSaved() {
    RunningAverage one = new RunningAverage(1, 4);
    RunningAverage other = new RunningAverage(1, 4);
    for (float v : new float[] {3, 1, 4}) {
      one.add(MemorySegment.ofArray(new float[] {v}));
    }
    other.restore(one.values(), one.steps());
    one.add(MemorySegment.ofArray(new float[] {1}));
    other.add(MemorySegment.ofArray(new float[] {1}));
    assertThat(value(other)).isEqualTo(value(one));
  }

  private static float value(RunningAverage average) {
    return average.values().get(ValueLayout.JAVA_FLOAT, 0);
  }
}
