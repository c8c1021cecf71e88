package io.dlion.core.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dlion.core.Layouts;
import io.dlion.core.Seeded;
import io.dlion.core.layout.ParameterLayout;
import org.junit.jupiter.api.Test;

class ValueFormatTest {
  @Test
  void bf16IsTheNearestAndOfTwoTheEvenOne() {
    Seeded.check(
        20_000,
        random -> {
          float value = Float.intBitsToFloat(random.nextInt());
          if (Float.isFinite(value)) {
            assertNearest(value);
          }
        });
    for (int upper = 0; upper < 0x7f7f; upper += 0x11) {
      assertNearest(Float.intBitsToFloat((upper << 16) | 0x8000)); // exactly between two
      assertNearest(Float.intBitsToFloat((upper << 16) | 0x8001));
      assertNearest(Float.intBitsToFloat((upper << 16) | 0x7fff));
    }
  }

  private static void assertNearest(float value) {
    short half = ValueFormat.toBf16(value);
    double error = Math.abs((double) ValueFormat.fromBf16(half) - value);
    for (int step : new int[] {-1, 1}) {
      float neighbour = ValueFormat.fromBf16((short) (half + step));
      if (Float.isFinite(neighbour)) {
        double other = Math.abs((double) neighbour - value);
        assertThat(error).as("%s", value).isLessThanOrEqualTo(other);
        if (error == other && error != 0) {
          assertThat(half & 1).as("%s is between two", value).isZero();
        }
      }
    }
  }

  @Test
  void bf16NeverBecomesInfinite() {
    for (float value : new float[] {Float.MAX_VALUE, -Float.MAX_VALUE, 3.3961775E38f}) {
      assertThat(ValueFormat.fromBf16(ValueFormat.toBf16(value))).isFinite();
    }
    assertThat(ValueFormat.fromBf16(ValueFormat.toBf16(0f))).isZero();
    assertThat(ValueFormat.fromBf16(ValueFormat.toBf16(1f))).isEqualTo(1f);
  }

  @Test
  void int8IsExactOnAverage() {
    // 127 values at 1.27 make a scale of about 0.01, so 0.0137 is sent as 0.01 or 0.02.
    ParameterLayout layout = Layouts.of(4);
    Selection all = new Selection(layout);
    all.selectAll();
    GradientWriter writer = new GradientWriter(ValueFormat.INT8, 5);
    var source = new Selections.Remembering(new float[layout.size()]);
    float[] values = {1.27f, 0.0137f, -0.5051f, -0.0099f};
    System.arraycopy(values, 0, source.values, 0, 4);
    double[] sums = new double[4];
    int rounds = 40_000;
    for (int i = 0; i < rounds; i++) {
      writer.write(all, source, GradientMessageTest.HEADER, Buffers.FRESH);
      for (int k = 0; k < 4; k++) {
        sums[k] += source.sent[k];
        assertThat(source.sent[k]).isCloseTo(values[k], within(0.0101f));
      }
    }
    for (int k = 0; k < 4; k++) {
      // The standard deviation of one rounding is at most half a step: 5 of the mean's.
      assertThat(sums[k] / rounds).isCloseTo(values[k], within(5 * 0.005 / Math.sqrt(rounds)));
    }
  }
}
