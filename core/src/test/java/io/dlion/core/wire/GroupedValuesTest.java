package io.dlion.core.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.dlion.core.Layouts;
import io.dlion.core.Seeded;
import io.dlion.core.layout.ParameterLayout;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Values in four bits and in two. */
class GroupedValuesTest {
  private static final int GROUP = ValueFormat.GROUP;

  @Test
  void aValueTakesWhatIsClaimed() {
    assertThat(ValueFormat.INT4.bytes(6400)).isEqualTo(6400 * 17 / 32); // 4.25 bits
    assertThat(ValueFormat.INT2.bytes(6400)).isEqualTo(6400 * 3 / 8); // 3 bits
    assertThat(ValueFormat.INT4.bytes(65)).isEqualTo(34 + 2 + 1);
    assertThat(ValueFormat.INT2.bytes(65)).isEqualTo(24 + 8 + 1);
    assertThat(ValueFormat.INT2.bytes(5)).isEqualTo(8 + 2);
    assertThat(ValueFormat.INT8.bytes(65)).isEqualTo(65);
  }

  @Test
  void fourBitsAreTheNearestOfFifteen() {
    Seeded.check(
        200,
        random -> {
          float[] values = values(random, 1 + random.nextInt(300));
          float[] seen = fourBits(values);
          for (int g = 0; g < values.length; g += GROUP) {
            int end = Math.min(values.length, g + GROUP);
            float max = largest(values, g, end);
            for (int i = g; i < end; i++) {
              // Half a step, and what the scale has lost as bf16.
              assertThat(seen[i]).isCloseTo(values[i], within(max * (1 / 14f + 1 / 256f)));
            }
          }
          assertThat(fourBits(seen)).as("what is rounded stays as it is").isEqualTo(seen);
        });
  }

  @Test
  void twoBitsAreNoWorseThanTheBinsOfThePaper() {
    double[] errors = new double[2];
    Seeded.check(
        200,
        random -> {
          float[] values = values(random, GROUP);
          float[] seen = twoBits(values);
          assertThat(distinct(seen)).isLessThanOrEqualTo(4);
          errors[0] += error(values, seen);
          errors[1] += error(values, binsOfThePaper(values));
        });
    assertThat(errors[0]).isLessThan(0.6 * errors[1]);
  }

  @Test
  void fewValuesAreExact() {
    float[] values = {1, -2, 1, 0.5f, -2, 4, 4, 0.5f};
    assertThat(twoBits(values)).isEqualTo(values);
    assertThat(twoBits(new float[] {3})).containsExactly(3);
    assertThat(fourBits(new float[70])).containsOnly(0);
  }

  @ParameterizedTest
  @EnumSource(names = {"INT4", "INT2"})
  void theSameValuesAreTheSameBytesWhateverTheSeed(ValueFormat format) {
    ParameterLayout layout = Layouts.of(5000, 3);
    float[] values = Layouts.normal(layout, new SplittableRandom(1));
    Payload first = whole(layout, format, values, 1);
    Payload second = whole(layout, format, values, 2);
    assertThat(Arrays.copyOf(first.bytes(), first.length()))
        .isEqualTo(Arrays.copyOf(second.bytes(), second.length()));
  }

  @ParameterizedTest
  @EnumSource(names = {"INT4", "INT2"})
  void aScaleThatIsNotFiniteIsRefusedWhereverItStands(ValueFormat format) {
    Seeded.check(
        100,
        random -> {
          ParameterLayout layout = Layouts.of(300);
          Payload payload =
              whole(layout, format, Layouts.normal(layout, random), random.nextLong());
          int values = payload.length() - (int) format.bytes(300);
          int group = random.nextInt(5);
          int level = format == ValueFormat.INT2 ? random.nextInt(4) : 0;
          short bad = new short[] {0x7f80, (short) 0xff80, 0x7fc0}[random.nextInt(3)];
          Bytes.putShort(payload.bytes(), values + group * format.bytesOfGroup() + 2 * level, bad);
          Frame.seal(payload.bytes(), payload.length(), MessageType.GRADIENT, layout.fingerprint());
          assertThatThrownBy(() -> GradientMessage.parse(payload, layout))
              .isInstanceOf(MalformedMessageException.class)
              .hasMessageContaining("not finite");
        });
  }

  @ParameterizedTest
  @EnumSource(names = {"INT4", "INT2"})
  void aMessageThatIsCutShortOrTooLongIsRefused(ValueFormat format) {
    ParameterLayout layout = Layouts.of(300);
    Payload whole = whole(layout, format, new float[layout.size()], 1);
    for (int length : new int[] {whole.length() - 1, whole.length() - 40, whole.length() + 1}) {
      Payload other = new Payload(Arrays.copyOf(whole.bytes(), length), length);
      assertThatThrownBy(() -> GradientMessage.parse(other, layout))
          .isInstanceOf(MalformedMessageException.class);
    }
  }

  private static Payload whole(
      ParameterLayout layout, ValueFormat format, float[] values, long seed) {
    return new GradientWriter(format, seed)
        .write(
            Selections.whole(layout),
            new Selections.Remembering(values),
            GradientMessageTest.HEADER,
            Buffers.FRESH);
  }

  /** Of two signs and of any order of magnitude, like the largest entries of a distance. */
  private static float[] values(SplittableRandom random, int count) {
    float[] values = new float[count];
    double scale = Math.pow(10, random.nextInt(-20, 20));
    for (int i = 0; i < count; i++) {
      double magnitude = 2 - Math.log(1 - random.nextDouble());
      values[i] = (float) (scale * (random.nextBoolean() ? magnitude : -magnitude));
    }
    return values;
  }

  private static float[] fourBits(float[] values) {
    byte[] b = new byte[(int) ValueFormat.INT4.bytes(values.length) + 3];
    float[] seen = values.clone();
    FourBits.write(seen, 0, seen.length, b, 3);
    float[] read = new float[seen.length];
    FourBits.read(b, 3, 0, seen.length, read, 0);
    assertThat(read).isEqualTo(seen);
    return read;
  }

  private static float[] twoBits(float[] values) {
    byte[] b = new byte[(int) ValueFormat.INT2.bytes(values.length) + 3];
    float[] seen = values.clone();
    new TwoBits().write(seen, 0, seen.length, b, 3);
    float[] read = new float[seen.length];
    TwoBits.read(b, 3, 0, seen.length, read, 0);
    assertThat(read).isEqualTo(seen);
    return read;
  }

  private static float[] binsOfThePaper(float[] values) {
    double mean = 0;
    for (float v : values) {
      mean += v / values.length;
    }
    double variance = 0;
    for (float v : values) {
      variance += (v - mean) * (v - mean) / values.length;
    }
    double[] sum = new double[4];
    int[] members = new int[4];
    int[] bin = new int[values.length];
    for (int i = 0; i < values.length; i++) {
      double place = Math.rint((values[i] - mean) / (6 * Math.sqrt(variance) / 4) + 2);
      bin[i] = (int) Math.clamp(place, 0, 3);
      sum[bin[i]] += values[i];
      members[bin[i]]++;
    }
    float[] seen = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      seen[i] = (float) (sum[bin[i]] / members[bin[i]]);
    }
    return seen;
  }

  /** Relative to the values' squares. */
  private static double error(float[] values, float[] seen) {
    double error = 0;
    double all = 0;
    for (int i = 0; i < values.length; i++) {
      error += Math.pow((double) values[i] - seen[i], 2);
      all += Math.pow(values[i], 2);
    }
    return error / all;
  }

  private static float largest(float[] values, int first, int end) {
    float max = 0;
    for (int i = first; i < end; i++) {
      max = Math.max(max, Math.abs(values[i]));
    }
    return max;
  }

  private static int distinct(float[] values) {
    TreeSet<Float> all = new TreeSet<>();
    for (float v : values) {
      all.add(v);
    }
    return all.size();
  }
}
