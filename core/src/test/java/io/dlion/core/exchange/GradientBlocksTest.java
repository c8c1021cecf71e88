package io.dlion.core.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dlion.core.Layouts;
import io.dlion.core.Seeded;
import io.dlion.core.WorkerId;
import io.dlion.core.exchange.Exchange.Progress;
import io.dlion.core.layout.ParameterLayout;
import io.dlion.core.layout.Variable;
import io.dlion.core.wire.Buffers;
import io.dlion.core.wire.EncodedSize;
import io.dlion.core.wire.Frame;
import io.dlion.core.wire.GradientMessage;
import io.dlion.core.wire.HeaderExtension;
import io.dlion.core.wire.MalformedMessageException;
import io.dlion.core.wire.ValueFormat;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GradientBlocksTest {
  private static final WorkerId A = new WorkerId("a");
  private static final WorkerId B = new WorkerId("b");

  private static float[] decode(Outgoing message, ParameterLayout layout) {
    try {
      Frame.open(message.payload(), layout.fingerprint());
      float[] update = new float[layout.size()];
      GradientMessage.parse(message.payload(), layout).addTo(update, 1);
      return update;
    } catch (MalformedMessageException e) {
      throw new AssertionError(e);
    }
  }

  private static Map<WorkerId, Outgoing> compute(
      GradientBlocks exchange, float[] gradient, int iteration, Map<WorkerId, Long> budgets) {
    return exchange.computed(
        MemorySegment.ofArray(gradient),
        new Progress(iteration, 2, 2L * iteration + 2, 2, 0, 1, HeaderExtension.NONE),
        budgets,
        Buffers.FRESH);
  }

  /** The message for A. */
  private static Outgoing toA(Map<WorkerId, Outgoing> messages) {
    return Objects.requireNonNull(messages.get(A));
  }

  @Test
  void threeBlocksByHand() {
    // 300 entries take 4 bytes each; besides them 53 of frame and header, a tag for either
    // variable, and 20 for the ends of a range. 800 entries then need 3 blocks of 267, 267, 266.
    ParameterLayout layout = Layouts.of(300, 500);
    int second = layout.variables().get(1).offset();
    GradientBlocks exchange = new GradientBlocks(layout, ValueFormat.FP32, 1);
    float[] ones = new float[layout.size()];
    Arrays.fill(ones, 0, 300, 1f);
    Arrays.fill(ones, second, second + 500, 1f);
    Map<WorkerId, Long> budget = Map.of(A, 53L + 2 + 20 + 4 * 300);
    float[][] expected = new float[4][layout.size()];
    Arrays.fill(expected[0], 0, 267, 2f); // a batch of 2 samples
    Arrays.fill(expected[1], 267, 300, 4f); // two gradients have gathered
    Arrays.fill(expected[1], second, second + 234, 4f);
    Arrays.fill(expected[2], second + 234, second + 500, 6f);
    Arrays.fill(expected[3], 0, 267, 6f); // three since the first block was sent
    for (int t = 0; t < 4; t++) {
      Outgoing message = toA(compute(exchange, ones, t, budget));
      assertThat(decode(message, layout)).as("iteration %d", t).isEqualTo(expected[t]);
      assertThat(message.n()).isCloseTo(100 / 3.0, within(1e-9));
      assertThat(message.iteration()).isEqualTo(t);
    }
  }

  @Test
  void oneWaitsForABusyLinkAndHoldsAllThatGathers() {
    ParameterLayout layout = Layouts.of(1000);
    GradientBlocks exchange = new GradientBlocks(layout, ValueFormat.FP32, 1);
    float[] ones = new float[layout.size()];
    Arrays.fill(ones, 0, 1000, 1f);
    long half = 53 + 1 + 20 + 4 * 500;
    assertThat(decode(toA(compute(exchange, ones, 0, Map.of(A, half))), layout)[0]).isEqualTo(2);
    assertThat(exchange.take(A, half, Buffers.FRESH)).as("nothing new").isEmpty();
    assertThat(compute(exchange, ones, 1, Map.of())).isEmpty();
    assertThat(compute(exchange, ones, 2, Map.of())).isEmpty();
    float[] waited = decode(exchange.take(A, half, Buffers.FRESH).orElseThrow(), layout);
    assertThat(waited[499]).isZero();
    assertThat(waited[500]).isEqualTo(6);
    assertThat(exchange.take(A, half, Buffers.FRESH)).as("only one waits").isEmpty();
    float[] whole = decode(toA(compute(exchange, ones, 3, Map.of(A, 1_000_000L))), layout);
    assertThat(whole[0]).isEqualTo(6);
    assertThat(whole[999]).isEqualTo(2);
  }

  @ParameterizedTest
  @EnumSource
  void everyMessageIsTheNextBlockAndNothingIsLost(ValueFormat format) {
    Seeded.check(
        40,
        random -> {
          ParameterLayout layout = Layouts.random(random);
          List<Integer> places = places(layout);
          GradientBlocks exchange = new GradientBlocks(layout, format, 1);
          double[] owed = new double[layout.size()];
          int next = 0;
          boolean there = false;
          long whole = EncodedSize.whole(layout, format);
          for (int t = 0; t < 30; t++) {
            float[] gradient = Layouts.normal(layout, random);
            long budget = (long) (whole * random.nextDouble() * 1.2);
            boolean ready = random.nextInt(3) > 0;
            there |= ready;
            for (int i = 0; there && i < owed.length; i++) {
              owed[i] += 2.0 * gradient[i];
            }
            Map<WorkerId, Outgoing> messages =
                compute(exchange, gradient, t, ready ? Map.of(A, budget, B, 1L) : Map.of(B, 1L));
            Optional<Outgoing> message =
                ready
                    ? Optional.of(toA(messages))
                    : random.nextBoolean()
                        ? exchange.take(A, budget, Buffers.FRESH)
                        : Optional.empty();
            if (message.isPresent()) {
              int size = (int) Math.round(message.get().share() * places.size());
              assertThat(fitsOrIsLeast(message.get(), budget, size, places.size())).isTrue();
              float[] sums = decode(message.get(), layout);
              double tolerance = format == ValueFormat.FP32 ? 1e-3 : step(format, owed);
              for (int i = 0; i < places.size(); i++) {
                int at = places.get(i);
                boolean inBlock = i >= next && i < next + size;
                double error = Math.abs(sums[at] - (inBlock ? owed[at] : 0));
                if (error > (inBlock ? tolerance : 0)) {
                  throw new AssertionError("entry " + i + " is off by " + error);
                }
                owed[at] -= sums[at];
              }
              next = next + size == places.size() ? 0 : next + size;
            }
          }
        });
  }

  /** A step of the coarsest value. */
  private static double step(ValueFormat format, double[] owed) {
    double max = Arrays.stream(owed).map(Math::abs).max().orElse(0);
    return switch (format) {
      case FP32, BF16 -> max / 255;
      case INT8 -> max / 126;
      case INT4 -> max / 13;
      case INT2 -> 2 * max; // between the least value and the greatest
    };
  }

  private static boolean fitsOrIsLeast(Outgoing message, long budget, int size, int elements) {
    return message.payload().length() <= budget || size <= Math.min(256, elements);
  }

  /** Where the elements of all variables lie. */
  private static List<Integer> places(ParameterLayout layout) {
    List<Integer> places = new ArrayList<>();
    for (Variable v : layout.variables()) {
      for (int i = v.offset(); i < v.end(); i++) {
        places.add(i);
      }
    }
    return places;
  }
}
