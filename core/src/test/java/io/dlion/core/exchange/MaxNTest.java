package io.dlion.core.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.dlion.core.Layouts;
import io.dlion.core.Seeded;
import io.dlion.core.layout.ParameterLayout;
import io.dlion.core.layout.Variable;
import io.dlion.core.wire.EncodedSize;
import io.dlion.core.wire.Selection;
import io.dlion.core.wire.ValueFormat;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class MaxNTest {
  private static final double MINIMUM_N = 0.85;

  private static CurrentGradient source(float[] values) {
    return new CurrentGradient(MemorySegment.ofArray(values));
  }

  /** Gradients of several shapes: normal, heavy tails, nearly all zero, all equal, all zero. */
  private static float[] gradient(ParameterLayout layout, SplittableRandom random) {
    float[] values = Layouts.normal(layout, random);
    for (Variable v : layout.variables()) {
      int shape = random.nextInt(7);
      double scale = Math.pow(10, random.nextInt(9) - 6);
      for (int i = v.offset(); i < v.end(); i++) {
        double x = values[i];
        values[i] =
            (float)
                switch (shape) {
                  case 0, 1 -> x * scale;
                  case 2, 3 -> x * x * x * x * x * scale;
                  case 4 -> random.nextInt(100) == 0 ? x : 0;
                  case 5 -> x > 0 ? scale : -scale;
                  default -> 0;
                };
      }
    }
    return values;
  }

  /** The flat indices selected; for variables sent whole, all of them. */
  private static BitSet indices(Selection selection) {
    BitSet result = new BitSet();
    for (int v = 0; v < selection.layout().variables().size(); v++) {
      Variable variable = selection.layout().variables().get(v);
      if (selection.isWhole(v)) {
        result.set(variable.offset(), variable.end());
      }
      for (int i = 0; i < selection.entries(v); i++) {
        result.set(variable.offset() + selection.indices()[selection.firstEntry(v) + i]);
      }
    }
    return result;
  }

  /** The definition, entry by entry. */
  private static Selection reference(ParameterLayout layout, float[] values, double ratio) {
    Selection selection = new Selection(layout);
    selection.clear();
    for (Variable v : layout.variables()) {
      selection.beginVariable();
      float max = 0;
      for (int i = v.offset(); i < v.end(); i++) {
        max = Math.max(max, Math.abs(values[i]));
      }
      for (int i = 0; i < v.count(); i++) {
        float value = values[v.offset() + i];
        if (value != 0 && Math.abs(value) >= (float) (ratio * max)) {
          selection.add(i, value);
        }
      }
      selection.endVariable();
    }
    return selection;
  }

  @Test
  void aFixedNSelectsByDefinition() {
    Seeded.check(
        150,
        random -> {
          ParameterLayout layout = Layouts.random(random);
          MaxN.Link guess = new MaxN.Link(layout);
          for (int call = 0; call < 6; call++) {
            float[] values = gradient(layout, random);
            double n = 99.9 * Math.pow(random.nextDouble(), 2) + 1e-3;
            Selection selected = select(fixed(layout, n), source(values), 0, guess);
            assertThat(guess.n()).isCloseTo(n, within(1e-9));
            assertSame(selected, reference(layout, values, 1 - n / 100), values);
          }
        });
  }

  private static void assertSame(Selection selected, Selection expected, float[] values) {
    assertThat(indices(selected)).isEqualTo(indices(expected));
    for (int v = 0; v < selected.layout().variables().size(); v++) {
      int offset = selected.layout().variables().get(v).offset();
      int first = selected.firstEntry(v);
      for (int i = first; i < first + selected.entries(v); i++) {
        assertThat(selected.values()[i]).isEqualTo(values[offset + selected.indices()[i]]);
      }
    }
  }

  @Test
  void aBudgetIsKeptAndUsed() {
    Seeded.check(
        250,
        random -> {
          ParameterLayout layout = Layouts.random(random);
          ValueFormat format = ValueFormat.values()[random.nextInt(3)];
          MaxN maxN = new MaxN(layout, format, OptionalDouble.empty(), MINIMUM_N);
          MaxN.Link guess = new MaxN.Link(layout);
          for (int call = 0; call < 6; call++) {
            float[] values = gradient(layout, random);
            // From one call to the next gradients may grow or shrink a thousandfold.
            float factor = (float) Math.pow(10, 3 * (random.nextInt(3) - 1));
            for (int i = 0; i < values.length; i++) {
              values[i] *= factor;
            }
            long whole = EncodedSize.whole(layout, format);
            long budget = (long) (whole * Math.pow(random.nextDouble(), 3) * 1.05);
            Selection selected = select(maxN, source(values), budget, guess);
            assertBudgetKeptAndUsed(selected, values, format, budget, guess.n());
          }
        });
  }

  private static void assertBudgetKeptAndUsed(
      Selection selected, float[] values, ValueFormat format, long budget, double n) {
    ParameterLayout layout = selected.layout();
    long size = EncodedSize.exact(selected, format);
    assertThat(n).isBetween(MINIMUM_N - 1e-9, 100.0);
    if (n > MINIMUM_N + 1e-9) {
      assertThat(size).as("N = %s", n).isLessThanOrEqualTo(budget);
    }
    if (EncodedSize.whole(layout, format) <= budget) {
      assertThat(selected.share()).isEqualTo(1);
      return;
    }
    double ratio = 1 - n / 100;
    BitSet missing = indices(reference(layout, values, ratio * (1 + 1e-6)));
    missing.andNot(indices(selected));
    assertThat(missing.isEmpty()).as("all above the threshold, N = %s", n).isTrue();
    BitSet surplus = indices(selected);
    surplus.andNot(indices(reference(layout, values, ratio * (1 - 1e-6))));
    assertThat(surplus.isEmpty()).as("none below the threshold, N = %s", n).isTrue();
    if (ratio > 1e-7) {
      // A bin is at most 1/128 wide; a few bytes are guessed from counts.
      long more = EncodedSize.exact(reference(layout, values, ratio * 127 / 128), format);
      assertThat(more)
          .as("size with the next ratio, N = %s", n)
          .isGreaterThan(budget * 97 / 100 - 8);
    }
  }

  /**
   * Variables large enough for thresholds to be forecast from a sample; forecasts are wrong often.
   */
  @Test
  void aBudgetIsKeptAndUsedWhateverWasForecast() {
    Seeded.check(
        4,
        random -> {
          ParameterLayout layout = Layouts.of(17, 150_000, 3000, 131_072);
          MaxN maxN = new MaxN(layout, ValueFormat.FP32, OptionalDouble.empty(), MINIMUM_N);
          MaxN.Link guess = new MaxN.Link(layout);
          for (int call = 0; call < 12; call++) {
            float[] values = Layouts.normal(layout, random);
            float norm = (float) Math.exp(random.nextGaussian());
            // The sample, every 32nd block, may not be like the rest.
            float sample = (float) Math.exp(0.3 * random.nextGaussian());
            for (int i = 0; i < values.length; i++) {
              values[i] *= i / 2048 % 32 == 0 ? norm * sample : norm;
            }
            if (random.nextInt(3) == 0) {
              values[random.nextInt(values.length)] *= 100;
            }
            long budget = (long) (20_000 * Math.exp(0.3 * random.nextGaussian()));
            Selection selected = select(maxN, source(values), budget, guess);
            assertBudgetKeptAndUsed(selected, values, ValueFormat.FP32, budget, guess.n());
          }
        });
  }

  /** With residuals a thin link's message is selected from a part of each large variable. */
  @Test
  void aBudgetIsKeptAndUsedForWhatTheWindowShows() {
    Seeded.check(
        4,
        random -> {
          ParameterLayout layout = Layouts.of(17, 540_000, 3000);
          MaxN maxN = new MaxN(layout, ValueFormat.FP32, OptionalDouble.empty(), MINIMUM_N);
          MaxN.Link link = new MaxN.Link(layout);
          for (int turn = 0; turn < 40; turn++) {
            float[] values = gradient(layout, random);
            long budget = (long) (50_000 * Math.exp(2 * random.nextGaussian()));
            maxN.select(
                List.of(
                    new MaxN.Request(
                        link, source(values), /* keeps= */ true, Math.min(budget, 2_000_000))));
            int step = 1;
            for (int p = 2; p <= 32; p *= 2) {
              step = p * 2 * (Math.min(budget, 2_000_000) / (5.0 * 543_017)) <= 1 ? p : step;
            }
            float[] shown = values.clone();
            int offset = layout.variables().get(1).offset();
            for (int i = 0; i < 540_000; i++) {
              shown[offset + i] = i / 8192 % step == turn % step ? values[offset + i] : 0;
            }
            assertBudgetKeptAndUsed(
                link.selection(), shown, ValueFormat.FP32, Math.min(budget, 2_000_000), link.n());
          }
        });
  }

  @Test
  void linksThatShareASourceGetWhatEachWouldGetAlone() {
    Seeded.check(
        30,
        random -> {
          ParameterLayout layout = Layouts.random(random);
          MaxN maxN = new MaxN(layout, ValueFormat.INT8, OptionalDouble.empty(), MINIMUM_N);
          for (int call = 0; call < 5; call++) {
            CurrentGradient source = source(gradient(layout, random));
            List<MaxN.Request> together = new ArrayList<>();
            for (int k = 0; k < 4; k++) {
              long budget =
                  (long) (EncodedSize.whole(layout, ValueFormat.INT8) * random.nextDouble());
              together.add(new MaxN.Request(new MaxN.Link(layout), source, false, budget));
            }
            maxN.select(together);
            for (MaxN.Request r : together) {
              MaxN alone = new MaxN(layout, ValueFormat.INT8, OptionalDouble.empty(), MINIMUM_N);
              MaxN.Link link = new MaxN.Link(layout);
              Selection expected = select(alone, source, r.budgetBytes(), link);
              assertThat(indices(r.link().selection())).isEqualTo(indices(expected));
              assertThat(r.link().n()).isEqualTo(link.n());
            }
          }
        });
  }

  @Test
  void theBestNThatFitsByHand() {
    // Frame and header 49; one tag, one count, and 1 + 4 bytes an entry: 3 entries take 66 bytes,
    // for which one more is reckoned, since a difference might need two.
    ParameterLayout layout = Layouts.of(100);
    float[] values = new float[layout.size()];
    float[] largest = {1f, 0.5f, -0.25f, 0.12f, 0.06f};
    for (int i = 0; i < largest.length; i++) {
      values[10 * i] = largest[i];
    }
    MaxN maxN = new MaxN(layout, ValueFormat.FP32, OptionalDouble.empty(), MINIMUM_N);
    MaxN.Link guess = new MaxN.Link(layout);
    for (int call = 0; call < 3; call++) {
      assertThat(indices(select(maxN, source(values), 67, guess))).isEqualTo(bits(0, 10, 20));
      assertThat(guess.n()).isBetween(75.0, 88.0);
      assertThat(indices(select(maxN, source(values), 65, guess))).isEqualTo(bits(0, 10));
      assertThat(select(maxN, source(values), 72, guess).entries(0)).isEqualTo(4);
    }
  }

  private static BitSet bits(int... indices) {
    BitSet bits = new BitSet();
    for (int i : indices) {
      bits.set(i);
    }
    return bits;
  }

  @Test
  void aBudgetSmallerThanOneEntryStillSendsWhatMinimumNAsksFor() {
    ParameterLayout layout = Layouts.of(1000, 1);
    SplittableRandom random = new SplittableRandom(1);
    float[] values = Layouts.normal(layout, random);
    MaxN maxN = new MaxN(layout, ValueFormat.FP32, OptionalDouble.empty(), MINIMUM_N);
    for (long budget : new long[] {0, 1, 50, -5}) {
      MaxN.Link guess = new MaxN.Link(layout);
      Selection selected = select(maxN, source(values), budget, guess);
      assertThat(guess.n()).isCloseTo(MINIMUM_N, within(1e-9));
      assertThat(indices(selected))
          .isEqualTo(indices(reference(layout, values, 1 - MINIMUM_N / 100)));
      assertThat(selected.entries(1)).as("the greatest of each variable").isEqualTo(1);
    }
  }

  @Test
  void zerosAreNeverSent() {
    ParameterLayout layout = Layouts.of(5000, 1, 9);
    float[] values = new float[layout.size()];
    MaxN maxN = new MaxN(layout, ValueFormat.FP32, OptionalDouble.empty(), MINIMUM_N);
    MaxN.Link guess = new MaxN.Link(layout);
    for (int call = 0; call < 3; call++) {
      assertThat(select(maxN, source(values), 1000, guess).share()).isZero();
      assertThat(select(fixed(layout, 99.9999), source(values), 0, guess).share()).isZero();
    }
    values[4321] = -1e-20f;
    assertThat(indices(select(maxN, source(values), 1000, guess))).isEqualTo(bits(4321));
  }

  @Test
  void oneHugeEntryGoesAloneAndTheOthersLater() {
    ParameterLayout layout = Layouts.of(10_000);
    float[] values = Layouts.normal(layout, new SplittableRandom(1));
    values[777] = Float.MAX_VALUE;
    MaxN maxN = new MaxN(layout, ValueFormat.FP32, OptionalDouble.empty(), MINIMUM_N);
    MaxN.Link guess = new MaxN.Link(layout);
    assertThat(indices(select(maxN, source(values), 2000, guess)).get(777)).isTrue();
    values[777] = 0;
    Selection selected = select(maxN, source(values), 2000, guess);
    assertThat(selected.entries(0)).isBetween(300, 400);
  }

  @Test
  void gradientsAtTheEdgeOfTheFloatRangeAreSelectedInFiniteTime() {
    float[] extremes = {Float.MIN_VALUE, 3 * Float.MIN_VALUE, 1e-42f, 1.2e-38f, 3e38f};
    for (float extreme : extremes) {
      for (int count : new int[] {1, 3, 600, 5000}) {
        ParameterLayout layout = Layouts.of(count, 20);
        float[] values = new float[layout.size()];
        for (int i = 0; i < count; i++) {
          values[i] = i % 2 == 0 ? extreme : -extreme;
        }
        assertTimeoutPreemptively(
            Duration.ofSeconds(20),
            () -> {
              MaxN maxN = new MaxN(layout, ValueFormat.FP32, OptionalDouble.empty(), MINIMUM_N);
              MaxN.Link guess = new MaxN.Link(layout);
              for (long budget : new long[] {0, 200, 4L * count, 100_000, 0}) {
                // All are equal: by definition all or none.
                assertThat(select(maxN, source(values), budget, guess).share())
                    .as("%d times %s", count, extreme)
                    .isGreaterThanOrEqualTo((double) count / (count + 20));
              }
            });
      }
    }
  }

  @Test
  void ofMinimumN100EverythingIsSentWhateverTheBudget() {
    ParameterLayout layout = Layouts.of(300);
    float[] values = Layouts.normal(layout, new SplittableRandom(1));
    MaxN maxN = new MaxN(layout, ValueFormat.FP32, OptionalDouble.empty(), 100);
    MaxN.Link guess = new MaxN.Link(layout);
    assertThat(select(maxN, source(values), 0, guess).entries(0)).isEqualTo(300);
    assertThat(guess.n()).isEqualTo(100);
  }

  private static Selection select(MaxN maxN, Pending source, long budget, MaxN.Link link) {
    maxN.select(List.of(new MaxN.Request(link, source, false, budget)));
    return link.selection();
  }

  private static MaxN fixed(ParameterLayout layout, double n) {
    return new MaxN(layout, ValueFormat.FP32, OptionalDouble.of(n), MINIMUM_N);
  }
}
