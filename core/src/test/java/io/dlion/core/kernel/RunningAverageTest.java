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
    iterate(average, 9);
    assertThat(value(average)).isEqualTo(9);
    iterate(average, 3);
    assertThat(value(average)).isCloseTo(5, Offset.offset(1e-6f)); // 9/3 + 3·2/3
    iterate(average, 1);
    assertThat(value(average)).isCloseTo(3, Offset.offset(1e-6f));
    average.restart();
    iterate(average, 7);
    assertThat(value(average)).isEqualTo(7);
  }

  @Test
  void weightsOfStepsGrowLikeAPolynomial() {
    // Unrolled, iterate t counts in proportion to t(t + 1)…(t + γ − 1): for γ = 3 a cubic.
    SplittableRandom random = new SplittableRandom(1);
    int size = 3 * Blocks.BLOCK / 2;
    RunningAverage average = new RunningAverage(size, 3);
    double[] sum = new double[size];
    double weights = 0;
    for (int step = 0; step < 160; step++) {
      float[] values = new float[size];
      boolean counts = step % RunningAverage.EVERY == 0;
      double t = 1 + step / (double) RunningAverage.EVERY;
      double weight = counts ? t * (t + 1) * (t + 2) : 0;
      weights += weight;
      for (int i = 0; i < size; i++) {
        values[i] = (float) random.nextGaussian();
        sum[i] += weight * values[i];
      }
      average.stepped(MemorySegment.ofArray(values));
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
    average.stepped(MemorySegment.ofArray(new float[] {5, 6}));
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
    for (float v : new float[] {3, 1, 4, 1, 5, 9}) {
      one.stepped(MemorySegment.ofArray(new float[] {v}));
    }
    other.restore(one.values(), one.steps());
    for (float v : new float[] {2, 6, 5}) {
      one.stepped(MemorySegment.ofArray(new float[] {v}));
      other.stepped(MemorySegment.ofArray(new float[] {v}));
      assertThat(value(other)).isEqualTo(value(one));
    }
  }

  /** Steps until the next iterate is due; the first of them is one. */
  private static void iterate(RunningAverage average, float value) {
    for (int i = 0; i < RunningAverage.EVERY; i++) {
      average.stepped(MemorySegment.ofArray(new float[] {i == 0 ? value : -100}));
    }
  }

  private static float value(RunningAverage average) {
    return average.values().get(ValueLayout.JAVA_FLOAT, 0);
  }
}
