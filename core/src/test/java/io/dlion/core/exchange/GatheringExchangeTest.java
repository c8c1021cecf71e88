package io.dlion.core.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlion.core.Layouts;
import io.dlion.core.Seeded;
import io.dlion.core.WorkerId;
import io.dlion.core.exchange.Exchange.Progress;
import io.dlion.core.layout.ParameterLayout;
import io.dlion.core.wire.Buffers;
import io.dlion.core.wire.Frame;
import io.dlion.core.wire.GradientMessage;
import io.dlion.core.wire.HeaderExtension;
import io.dlion.core.wire.HeaderExtension.Kind;
import io.dlion.core.wire.MalformedMessageException;
import io.dlion.core.wire.Selection;
import io.dlion.core.wire.ValueFormat;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A busy link is given the sum of what it has missed; nothing is lost. */
class GatheringExchangeTest {
  private static final WorkerId A = new WorkerId("a");
  private static final WorkerId B = new WorkerId("b");

  private static Exchange exchange(ExchangeRule rule, ParameterLayout layout) {
    Selection all = new Selection(layout);
    all.selectAll();
    ExchangeRule.Terms terms =
        new ExchangeRule.Terms(layout, MemorySegment.NULL, 0, List.of(all), false, true, 1);
    Exchange made = new GatheringExchange(layout, rule.open(terms), rule.format(), 2);
    made.open(A);
    made.open(B);
    return made;
  }

  private static Map<WorkerId, Outgoing> compute(
      Exchange exchange, float[] distance, long iteration, WorkerId... free) {
    Map<WorkerId, Long> budgets = new TreeMap<>();
    for (WorkerId peer : free) {
      budgets.put(peer, 1000L);
    }
    return exchange.computed(
        MemorySegment.ofArray(distance),
        new Progress(iteration, 8, 8 * (iteration + 1), 1, 0, 1, HeaderExtension.NONE),
        budgets,
        Buffers.FRESH);
  }

  private static GradientMessage parse(Outgoing message, ParameterLayout layout) {
    try {
      Frame.open(message.payload(), layout.fingerprint());
      return GradientMessage.parse(message.payload(), layout);
    } catch (MalformedMessageException e) {
      throw new AssertionError(e);
    }
  }

  private static float[] filled(ParameterLayout layout, SplittableRandom random) {
    float[] values = new float[layout.size()];
    layout
        .variables()
        .forEach(v -> {
          for (int i = v.offset(); i < v.end(); i++) {
            values[i] = (float) random.nextDouble(-1, 1);
          }
        });
    return values;
  }

  @Test
  void aBusyLinkGetsOneSumAsSoonAsItIsFree() {
    ParameterLayout layout = Layouts.of(3);
    Exchange exchange = exchange(new WholeGradients.Rule(ValueFormat.FP32, 0), layout);
    float[] distance = new float[layout.size()];
    distance[0] = 1;
    Map<WorkerId, Outgoing> both = compute(exchange, distance, 0, A, B);
    assertThat(both.get(A)).as("one message for all who can take it").isSameAs(both.get(B));
    assertThat(exchange.take(B, 1000, Buffers.FRESH)).as("nothing is owed").isEmpty();
    distance[0] = 2;
    assertThat(compute(exchange, distance, 1, A)).containsOnlyKeys(A);
    distance[0] = 4;
    assertThat(compute(exchange, distance, 2)).isEmpty();
    Outgoing sum = exchange.take(B, 1000, Buffers.FRESH).orElseThrow();
    float[] seen = new float[layout.size()];
    parse(sum, layout).addTo(seen, 1);
    assertThat(seen[0]).isEqualTo(6);
    assertThat(sum.iteration()).isEqualTo(2);
    assertThat(parse(sum, layout).header().extension().get(Kind.ROUNDS, 0)).isEqualTo(2);
    assertThat(exchange.take(B, 1000, Buffers.FRESH)).isEmpty();
    // A is free again with a round behind: it gets both at once.
    distance[0] = 8;
    Outgoing late = Objects.requireNonNull(compute(exchange, distance, 3, A, B).get(A));
    seen[0] = 0;
    parse(late, layout).addTo(seen, 1);
    assertThat(seen[0]).isEqualTo(12);
    exchange.close(A);
    assertThat(compute(exchange, distance, 4, B)).containsOnlyKeys(B);
    assertThat(exchange.rest(A, Buffers.FRESH)).as("nothing is kept for it").isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void whateverTheFormatALinkMissesNothing(ValueFormat format) {
    Seeded.check(
        10,
        random -> {
          ParameterLayout layout = Layouts.of(1 + random.nextInt(40), 500, 3);
          int chunk = 16 << random.nextInt(5);
          ExchangeRule rule =
              random.nextBoolean()
                  ? new LargestOfChunks.Rule(format, chunk, 1 + random.nextInt(chunk), 0.5)
                  : new WholeGradients.Rule(format, 0);
          Exchange exchange = exchange(rule, layout);
          float[] contributed = new float[layout.size()];
          float[] arrived = new float[layout.size()];
          for (int t = 0; t < 12; t++) {
            float[] distance = filled(layout, random);
            boolean free = random.nextInt(3) == 0;
            Map<WorkerId, Outgoing> sent =
                free ? compute(exchange, distance, t, A) : compute(exchange, distance, t);
            for (int i = 0; i < contributed.length; i++) {
              contributed[i] += distance[i]; // which is now what peers see of it
            }
            if (free) {
              parse(Objects.requireNonNull(sent.get(A)), layout).addTo(arrived, 1);
            }
          }
          // What rounding has left of a sum goes into the next one, until next to nothing is left.
          for (int t = 12; t < 60; t++) {
            float[] nothing = new float[layout.size()];
            compute(exchange, nothing, t);
            for (int i = 0; i < contributed.length; i++) {
              contributed[i] += nothing[i]; // what chunks have left out comes with error feedback
            }
            exchange.rest(A, Buffers.FRESH).ifPresent(m -> parse(m, layout).addTo(arrived, 1));
          }
          float worst = 0;
          for (int i = 0; i < contributed.length; i++) {
            worst = Math.max(worst, Math.abs(contributed[i] - arrived[i]));
          }
          assertThat(worst).isLessThan(1e-4f);
        });
  }
}
