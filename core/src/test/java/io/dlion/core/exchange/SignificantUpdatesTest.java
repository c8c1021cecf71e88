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
import io.dlion.core.wire.MalformedMessageException;
import io.dlion.core.wire.Selection;
import io.dlion.core.wire.ValueFormat;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SignificantUpdatesTest {
  private static final WorkerId A = new WorkerId("a");
  private static final WorkerId B = new WorkerId("b");

  @Test
  void theThresholdFallsWithTheRootOfTheIteration() {
    Significance s = new Significance(0.01, 0.1, MemorySegment.ofArray(new float[0]));
    assertThat(s.threshold(0)).isEqualTo(0.01);
    assertThat(s.threshold(3)).isEqualTo(0.005);
    assertThat(s.threshold(99)).isEqualTo(0.001);
  }

  @Test
  void entriesByHand() {
    // U = 0.1 · acc / 64: acc of 6.4 changes a weight by 0.01.
    float[] weights = {1, 1, -1, 2, 2, 0, 0, 1};
    float[] gathered = {6.5f, 6.3f, -6.5f, 12.7f, 12.9f, 1e-20f, 0, 3.3f};
    assertThat(selected(weights, gathered, 0)).containsExactly(0, 2, 4, 5);
    assertThat(selected(weights, gathered, 3)).containsExactly(0, 1, 2, 3, 4, 5, 7);
  }

  private static int[] selected(float[] weights, float[] gathered, long iteration) {
    ParameterLayout layout = Layouts.of(8);
    Selection selection = new Selection(layout);
    float[] padded = Arrays.copyOf(gathered, layout.size());
    MemorySegment w = MemorySegment.ofArray(Arrays.copyOf(weights, layout.size()));
    new Significance(0.01, 0.1, w)
        .select(new CurrentGradient(MemorySegment.ofArray(padded)), iteration, 1 / 64.0, selection);
    return Arrays.copyOf(selection.indices(), selection.entries(0));
  }

  @Test
  void everyLinkGetsWhatIsSignificantOnceAndNothingIsLost() {
    Seeded.check(
        40,
        random -> {
          ParameterLayout layout = Layouts.random(random);
          float[] weights = Layouts.normal(layout, random);
          SignificantUpdates exchange =
              new SignificantUpdates(
                  layout, ValueFormat.FP32, 0.2, 0.05, MemorySegment.ofArray(weights), 1);
          Map<WorkerId, double[]> owed = new HashMap<>();
          for (int t = 0; t < 20; t++) {
            float[] gradient = Layouts.normal(layout, random);
            Map<WorkerId, Long> ready =
                switch (random.nextInt(3)) {
                  case 0 -> Map.of(A, 1L, B, 1L);
                  case 1 -> Map.of(A, 1L);
                  default -> Map.of();
                };
            ready.keySet().forEach(p -> owed.computeIfAbsent(p, k -> new double[layout.size()]));
            for (double[] o : owed.values()) {
              for (int i = 0; i < o.length; i++) {
                o[i] += 8.0 * gradient[i];
              }
            }
            Map<WorkerId, Outgoing> messages =
                exchange.computed(
                    MemorySegment.ofArray(gradient),
                    new Progress(t, 8, 8L * t + 8, 8, 0, 1 / 16.0, HeaderExtension.NONE),
                    ready,
                    Buffers.FRESH);
            assertThat(messages.keySet()).isEqualTo(ready.keySet());
            double limit = 0.2 / Math.sqrt(t + 1) / (0.05 / 16);
            for (WorkerId peer : List.of(A, B)) {
              Optional.ofNullable(messages.get(peer))
                  .or(() ->
                      random.nextBoolean()
                          ? exchange.take(peer, 1, Buffers.FRESH)
                          : Optional.empty())
                  .ifPresent(m ->
                      check(m, layout, owed.getOrDefault(peer, new double[0]), weights, limit));
              assertThat(
                      messages.containsKey(peer)
                          ? exchange.take(peer, 1, Buffers.FRESH)
                          : Optional.empty())
                  .as("nothing new")
                  .isEmpty();
            }
          }
        });
  }

  /** Takes a message off what is owed, entry by entry. */
  private static void check(
      Outgoing message, ParameterLayout layout, double[] owed, float[] weights, double limit) {
    float[] sums = decode(message, layout);
    for (int i = 0; i < owed.length; i++) {
      double excess = Math.abs(owed[i]) - limit * Math.abs(weights[i]);
      boolean sent = sums[i] != 0;
      if (excess > 1e-3 && !sent) {
        throw new AssertionError("entry " + i + " is significant and was not sent");
      }
      // Dense variables are sent whole: what is not significant may be in there.
      if (sent && Math.abs(sums[i] - owed[i]) > 1e-3) {
        throw new AssertionError("entry " + i + ": " + sums[i] + " was sent of " + owed[i]);
      }
      owed[i] -= sums[i];
    }
  }

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
}
