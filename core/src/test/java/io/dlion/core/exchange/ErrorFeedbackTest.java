package io.dlion.core.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dlion.core.Layouts;
import io.dlion.core.Seeded;
import io.dlion.core.WorkerId;
import io.dlion.core.exchange.Exchange.Progress;
import io.dlion.core.layout.ParameterLayout;
import io.dlion.core.wire.Buffers;
import io.dlion.core.wire.EncodedSize;
import io.dlion.core.wire.Frame;
import io.dlion.core.wire.GradientMessage;
import io.dlion.core.wire.HeaderExtension;
import io.dlion.core.wire.MalformedMessageException;
import io.dlion.core.wire.Selection;
import io.dlion.core.wire.ValueFormat;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a message of local distances leaves behind is owed still; chunks choose the largest. */
class ErrorFeedbackTest {
  private static final WorkerId A = new WorkerId("a");
  private static final WorkerId B = new WorkerId("b");

  private static Exchange exchange(ExchangeRule rule, ParameterLayout layout, Selection... parts) {
    return rule.open(
        new ExchangeRule.Terms(layout, MemorySegment.NULL, 0, List.of(parts), true, true, 1));
  }

  private static Selection everything(ParameterLayout layout) {
    Selection all = new Selection(layout);
    all.selectAll();
    return all;
  }

  private static Map<WorkerId, Outgoing> compute(
      Exchange exchange, float[] distance, long iteration, WorkerId... peers) {
    Map<WorkerId, Long> budgets = new java.util.TreeMap<>();
    Arrays.stream(peers).forEach(peer -> budgets.put(peer, 0L));
    return exchange.computed(
        MemorySegment.ofArray(distance),
        new Progress(iteration, 8, 8 * (iteration + 1), 8, 0, 1, HeaderExtension.NONE),
        budgets,
        Buffers.FRESH);
  }

  private static Outgoing send(Exchange exchange, float[] distance, long iteration) {
    return Objects.requireNonNull(compute(exchange, distance, iteration, A).get(A));
  }

  /** The distance that a receiver sees. */
  private static float[] decode(Outgoing message, ParameterLayout layout) {
    float[] seen = new float[layout.size()];
    parse(message, layout).addTo(seen, 1 / 8f);
    return seen;
  }

  private static GradientMessage parse(Outgoing message, ParameterLayout layout) {
    try {
      Frame.open(message.payload(), layout.fingerprint());
      return GradientMessage.parse(message.payload(), layout);
    } catch (MalformedMessageException e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @EnumSource
  void nothingIsLostAndItsWorkerSeesWhatItsPeersSee(ValueFormat format) {
    Seeded.check(
        30,
        random -> {
          ParameterLayout layout = Layouts.random(random);
          int chunk = 16 << random.nextInt(8);
          ExchangeRule rule =
              random.nextBoolean()
                  ? new LargestOfChunks.Rule(format, chunk, 1 + random.nextInt(chunk), 1)
                  : new WholeGradients.Rule(format, 1);
          Exchange exchange = exchange(rule, layout, everything(layout));
          double[] owed = new double[layout.size()];
          for (int t = 0; t < 6; t++) {
            float[] distance = Layouts.normal(layout, random);
            add(distance, 1, owed);
            Map<WorkerId, Outgoing> messages = compute(exchange, distance, t, A, B);
            assertThat(messages.get(B)).isSameAs(messages.get(A));
            assertThat(decode(Objects.requireNonNull(messages.get(A)), layout)).isEqualTo(distance);
            add(distance, -1, owed);
          }
          float[] last = Layouts.normal(layout, random);
          add(last, 1, owed);
          assertThat(compute(exchange, last, 6)).as("there is nobody").isEmpty();
          add(last, -1, owed);
          for (double left : owed) {
            assertThat(left).isCloseTo(0, within(1e-4));
          }
        });
  }

  private static void add(float[] values, int sign, double[] sum) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += (double) sign * values[i];
    }
  }

  @Test
  void whatIsOwedFadesByHand() {
    ParameterLayout layout = Layouts.of(4);
    Exchange exchange =
        exchange(new LargestOfChunks.Rule(ValueFormat.FP32, 4, 1, 0.5), layout, everything(layout));
    float[] distance = new float[layout.size()];
    System.arraycopy(new float[] {4, -3, 2, 1}, 0, distance, 0, 4);
    send(exchange, distance, 0);
    assertThat(distance).startsWith(4, 0, 0, 0);
    Arrays.fill(distance, 0); // owed: 0, −1.5, 1, 0.5
    send(exchange, distance, 1);
    assertThat(distance).startsWith(0, -1.5f, 0, 0);
    distance[1] = 0.25f;
    distance[3] = 0.5f; // owed: 0, 0.25, 0.5, 0.75
    send(exchange, distance, 2);
    assertThat(distance).startsWith(0, 0, 0, 0.75f);
  }

  @Test
  void ofEachChunkTheLargestAreSent() {
    Seeded.check(
        100,
        random -> {
          ParameterLayout layout = Layouts.of(1 + random.nextInt(3000), 10);
          int chunk = 2 + random.nextInt(500);
          int kept = 1 + random.nextInt(chunk);
          boolean few = random.nextBoolean(); // many are equal
          float[] values = Layouts.normal(layout, random);
          for (int i = 0; few && i < values.length; i++) {
            values[i] = Math.round(values[i]);
          }
          Selection chosen =
              new LargestOfChunks(layout, chunk, kept).of(everything(layout), values);
          int count = layout.variables().getFirst().count();
          if (count < chunk) {
            assertThat(chosen.isWhole(0)).isTrue();
            return;
          }
          int at = 0;
          for (int from = 0; from < count; from += chunk) {
            int end = Math.min(count, from + chunk);
            int entries = Math.ceilDiv(kept * (end - from), chunk);
            float[] magnitudes = new float[end - from];
            for (int i = from; i < end; i++) {
              magnitudes[i - from] = Math.abs(values[i]);
            }
            Arrays.sort(magnitudes);
            float least = magnitudes[magnitudes.length - entries];
            float[] found = new float[entries];
            for (int i = 0; i < entries; i++, at++) {
              assertThat(chosen.indices()[at]).isBetween(from, end - 1);
              assertThat(chosen.values()[at]).isEqualTo(values[chosen.indices()[at]]);
              found[i] = Math.abs(chosen.values()[at]);
            }
            Arrays.sort(found);
            assertThat(found)
                .isEqualTo(
                    Arrays.copyOfRange(magnitudes, magnitudes.length - entries, magnitudes.length));
            assertThat(found[0]).isEqualTo(least);
          }
          assertThat(chosen.entries(0)).isEqualTo(at);
        });
  }

  @Test
  void aKeptEntryTakesLessThanTheFourteenBitsAndTableOfThePaper() {
    ParameterLayout layout = Layouts.of(100 * 4096);
    Exchange exchange =
        exchange(
            new LargestOfChunks.Rule(ValueFormat.INT2, 4096, 64, 0.95), layout, everything(layout));
    SplittableRandom random = new SplittableRandom(1);
    for (int t = 0; t < 3; t++) {
      Outgoing message = send(exchange, Layouts.normal(layout, random), t);
      assertThat(parse(message, layout).entries()).isEqualTo(6400);
      double bits = 8.0 * (message.payload().length() - EncodedSize.fixed()) / 6400;
      assertThat(bits).isBetween(12.0, 12.3); // 2, a table of 1, and places of about 9.1
      assertThat(message.share()).isEqualTo(1 / 64.0);
    }
  }

  @Test
  void partsAreOwedByTurns() {
    ParameterLayout layout = Layouts.of(2, 1); // at 0 and at 16
    Selection first = new Selection(layout);
    first.selectWhole(0);
    Selection second = new Selection(layout);
    second.selectWhole(1);
    for (ExchangeRule rule :
        List.of(
            new LargestOfChunks.Rule(ValueFormat.FP32, 2, 1, 1),
            new WholeGradients.Rule(ValueFormat.FP32, 1))) {
      Exchange exchange = exchange(rule, layout, first, second);
      float[] distance = new float[layout.size()];
      distance[0] = 5;
      distance[16] = 3;
      assertThat(decode(send(exchange, distance, 0), layout)).startsWith(5).containsOnlyOnce(5f);
      assertThat(distance[16]).as("not its turn").isEqualTo(3);
      assertThat(decode(send(exchange, distance, 1), layout)[16]).isEqualTo(3);
      assertThat(distance[0]).isEqualTo(5);
    }
  }
}
