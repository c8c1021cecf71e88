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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PartialGradientsTest {
  private static final WorkerId A = new WorkerId("a");
  private static final WorkerId B = new WorkerId("b");
  private static final WorkerId C = new WorkerId("c");
  private static final long PLENTY = Long.MAX_VALUE;

  private static PartialGradients exchange(
      ParameterLayout layout, ValueFormat format, boolean residuals) {
    return new PartialGradients(layout, format, OptionalDouble.empty(), 0.85, residuals, 1);
  }

  private static GradientMessage parse(Outgoing message, ParameterLayout layout) {
    try {
      Frame.open(message.payload(), layout.fingerprint());
      return GradientMessage.parse(message.payload(), layout);
    } catch (MalformedMessageException e) {
      throw new AssertionError(e);
    }
  }

  /** What a receiver makes of a message: sums over samples. */
  private static float[] decode(Outgoing message, ParameterLayout layout) {
    float[] update = new float[layout.size()];
    parse(message, layout).addTo(update, 1);
    return update;
  }

  /** One link: the sum of what was computed while it was there, and of what was received. */
  private static final class Account {
    final double[] owed;

    Account(int size) {
      owed = new double[size];
    }

    void computed(float[] gradient, int batch) {
      for (int i = 0; i < owed.length; i++) {
        owed[i] += (double) batch * gradient[i];
      }
    }

    void received(float[] sums) {
      for (int i = 0; i < owed.length; i++) {
        owed[i] -= sums[i];
      }
    }

    /**
     * A whole message settles an account: it is off by its rounding at most, and that is let be.
     */
    void received(Outgoing message, ValueFormat format, ParameterLayout layout) {
      double most = Arrays.stream(owed).map(Math::abs).max().orElse(0);
      received(decode(message, layout));
      if (message.share() == 1 && format != ValueFormat.FP32) {
        double quantum =
            switch (format) {
              case FP32, BF16 -> most / 256;
              case INT8 -> most / 127;
              case INT4 -> most / 13;
              case INT2 -> 2 * most; // between the least value and the greatest
            };
        for (int i = 0; i < owed.length; i++) {
          assertThat(owed[i]).isCloseTo(0, within(1.001 * quantum + 1e-6));
          owed[i] = 0;
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void nothingIsLostAndNothingIsSentTwice(ValueFormat format) {
    Seeded.check(
        40,
        random -> {
          ParameterLayout layout = Layouts.random(random);
          PartialGradients exchange = exchange(layout, format, true);
          Map<WorkerId, Account> accounts = new LinkedHashMap<>();
          long whole = EncodedSize.whole(layout, format);
          for (int iteration = 0; iteration < 25; iteration++) {
            Map<WorkerId, Long> budgets = new LinkedHashMap<>();
            for (WorkerId peer : List.of(A, B, C)) {
              if (random.nextInt(12) == 0) {
                exchange.close(peer); // leaves, and comes back as if new
                accounts.remove(peer);
              } else if (random.nextInt(3) > 0) {
                budgets.put(peer, (long) (whole * random.nextDouble() * 1.3));
                accounts.computeIfAbsent(peer, p -> new Account(layout.size()));
              }
            }
            float[] gradient = Layouts.normal(layout, random);
            int batch = 1 + random.nextInt(64);
            accounts.values().forEach(a -> a.computed(gradient, batch));
            compute(exchange, gradient, iteration, batch, budgets)
                .forEach((peer, m) -> account(accounts, peer).received(m, format, layout));
            for (WorkerId peer : List.of(A, B, C)) {
              if (random.nextInt(4) == 0) {
                exchange
                    .take(peer, whole / 10, Buffers.FRESH)
                    .ifPresent(m -> account(accounts, peer).received(m, format, layout));
              }
            }
          }
          assertFlushed(exchange, layout, accounts, format);
        });
  }

  /** More of them than are selected for at a time, in ever another order. */
  @Test
  void aLinkIsSentTheSameWhateverOthersThereAre() {
    ParameterLayout layout = Layouts.of(5, 9_000, 300);
    SplittableRandom random = new SplittableRandom(1);
    PartialGradients together = exchange(layout, ValueFormat.FP32, true);
    Map<WorkerId, PartialGradients> alone = new LinkedHashMap<>();
    for (int i = 0; i < 20; i++) {
      alone.put(new WorkerId("w" + i), exchange(layout, ValueFormat.FP32, true));
    }
    List<WorkerId> peers = new ArrayList<>(alone.keySet());
    for (int iteration = 0; iteration < 15; iteration++) {
      Map<WorkerId, Long> budgets = new LinkedHashMap<>();
      Collections.shuffle(peers, new Random(iteration));
      for (WorkerId peer : peers) {
        if (iteration == 0 || random.nextInt(3) > 0) {
          budgets.put(peer, 200L + random.nextInt(20_000));
        }
      }
      float[] gradient = Layouts.normal(layout, random);
      Map<WorkerId, Outgoing> messages = compute(together, gradient, iteration, 3, budgets);
      assertThat(messages).hasSameSizeAs(budgets);
      for (Map.Entry<WorkerId, PartialGradients> one : alone.entrySet()) {
        WorkerId peer = one.getKey();
        Map<WorkerId, Long> own = new HashMap<>(budgets);
        own.keySet().retainAll(List.of(peer));
        Map<WorkerId, Outgoing> expected = compute(one.getValue(), gradient, iteration, 3, own);
        if (expected.containsKey(peer)) {
          assertThat(decode(Objects.requireNonNull(messages.get(peer)), layout))
              .isEqualTo(decode(Objects.requireNonNull(expected.get(peer)), layout));
        }
      }
    }
  }

  @Test
  void nothingOfALargeVariableIsLost() {
    ParameterLayout layout = Layouts.of(5, 540_000, 300); // looked at in windows
    SplittableRandom random = new SplittableRandom(1);
    PartialGradients exchange = exchange(layout, ValueFormat.FP32, true);
    Map<WorkerId, Account> accounts = new LinkedHashMap<>();
    for (int iteration = 0; iteration < 40; iteration++) {
      Map<WorkerId, Long> budgets = new LinkedHashMap<>();
      budgets.put(A, random.nextInt(4) == 0 ? 500_000L : 20_000L);
      if (random.nextBoolean()) {
        budgets.put(B, 5_000L);
      }
      budgets.keySet().forEach(p -> accounts.computeIfAbsent(p, q -> new Account(layout.size())));
      float[] gradient = Layouts.normal(layout, random);
      accounts.values().forEach(a -> a.computed(gradient, 3));
      compute(exchange, gradient, iteration, 3, budgets)
          .forEach((peer, m) -> account(accounts, peer).received(decode(m, layout)));
    }
    assertFlushed(exchange, layout, accounts, ValueFormat.FP32);
  }

  @Test
  void aThinLinkGetsRoundToEveryBlockOfALargeVariable() {
    ParameterLayout layout = Layouts.of(540_000);
    PartialGradients exchange = exchange(layout, ValueFormat.FP32, true);
    float[] gradient = new float[layout.size()];
    for (int i = 0; i < gradient.length; i += 2048) {
      gradient[i] = 1; // one in each block: by the size of N all of them at once
    }
    Map<WorkerId, Long> budgets = Map.of(A, 2000L);
    float[] received = new float[layout.size()];
    for (int iteration = 0; iteration < Window.STEP_MAX; iteration++) {
      float[] next = iteration == 0 ? gradient : new float[layout.size()];
      parse(Objects.requireNonNull(compute(exchange, next, iteration, 1, budgets).get(A)), layout)
          .addTo(received, 1);
    }
    assertThat(received).isEqualTo(gradient);
  }

  private static Account account(Map<WorkerId, Account> accounts, WorkerId peer) {
    return Objects.requireNonNull(accounts.get(peer), "a message for a peer that is not there");
  }

  private static Map<WorkerId, Outgoing> compute(
      PartialGradients exchange,
      float[] gradient,
      long iteration,
      int batch,
      Map<WorkerId, Long> budgets) {
    return exchange.computed(
        MemorySegment.ofArray(gradient),
        new Progress(iteration, batch, 64 * iteration + batch, batch, 0, 1, HeaderExtension.NONE),
        budgets,
        Buffers.FRESH);
  }

  /** A few messages without a limit, with nothing new, carry all that was left. */
  private static void assertFlushed(
      PartialGradients exchange,
      ParameterLayout layout,
      Map<WorkerId, Account> accounts,
      ValueFormat format) {
    Map<WorkerId, Long> budgets = new HashMap<>();
    accounts.keySet().forEach(peer -> budgets.put(peer, PLENTY));
    for (int i = 0; i < 8; i++) {
      compute(exchange, new float[layout.size()], 100 + i, 1, budgets)
          .forEach((peer, m) -> account(accounts, peer).received(m, format, layout));
    }
    for (Account account : accounts.values()) {
      for (double left : account.owed) {
        // Sums of up to 25 gradients of about 64 samples in single precision.
        assertThat(left).isCloseTo(0, within(0.01));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"FP32", "BF16"})
  void withoutResidualsAMessageIsOfTheNewestGradientAlone(ValueFormat format) {
    Seeded.check(
        40,
        random -> {
          ParameterLayout layout = Layouts.random(random);
          PartialGradients exchange = exchange(layout, format, false);
          long whole = EncodedSize.whole(layout, format);
          for (int iteration = 0; iteration < 10; iteration++) {
            float[] gradient = Layouts.normal(layout, random);
            int batch = 1 + random.nextInt(64);
            Map<WorkerId, Long> budgets = new LinkedHashMap<>();
            for (WorkerId peer : List.of(A, B)) {
              if (iteration == 0 || random.nextBoolean()) {
                budgets.put(peer, (long) (whole * random.nextDouble() * 1.3));
              }
            }
            Map<WorkerId, Outgoing> messages =
                compute(exchange, gradient, iteration, batch, budgets);
            assertThat(messages.keySet()).isEqualTo(budgets.keySet());
            messages.values().forEach(m -> assertPartOf(m, layout, gradient, batch));
            gradientGoneFrom(exchange, A, messages, layout, gradient, batch);
          }
        });
  }

  /** A link that was busy gets the newest gradient, once; one that got it already gets nothing. */
  private static void gradientGoneFrom(
      PartialGradients exchange,
      WorkerId peer,
      Map<WorkerId, Outgoing> messages,
      ParameterLayout layout,
      float[] gradient,
      int batch) {
    Optional<Outgoing> taken = exchange.take(peer, 500, Buffers.FRESH);
    assertThat(taken.isPresent()).isEqualTo(!messages.containsKey(peer));
    taken.ifPresent(m -> assertPartOf(m, layout, gradient, batch));
    assertThat(exchange.take(peer, 500, Buffers.FRESH)).isEmpty();
  }

  private static void assertPartOf(
      Outgoing message, ParameterLayout layout, float[] gradient, int batch) {
    float[] received = decode(message, layout);
    int entries = 0;
    for (int i = 0; i < received.length; i++) {
      if (received[i] != 0) {
        assertThat(received[i])
            .isCloseTo(batch * gradient[i], within(Math.abs(batch * gradient[i]) / 255));
        entries++;
      }
    }
    assertThat(entries).as("at least the greatest of each").isPositive();
    assertThat(message.n()).isBetween(0.849, 100.0);
  }

  @Test
  void withResidualsANewerGradientJoinsTheOneThatWaits() {
    ParameterLayout layout = Layouts.of(40);
    PartialGradients exchange = exchange(layout, ValueFormat.FP32, true);
    Map<WorkerId, Long> free = Map.of(A, PLENTY);
    assertThat(decode(send(exchange, free, 0, 10, 1f, 2f, 3f), layout)).startsWith(10, 20, 30);
    assertThat(compute(exchange, flat(1f, 1f, 1f), 1, 2, Map.of())).isEmpty();
    assertThat(compute(exchange, flat(0f, 5f, 0f), 2, 1, Map.of())).isEmpty();
    Outgoing taken = exchange.take(A, PLENTY, Buffers.FRESH).orElseThrow();
    assertThat(decode(taken, layout)).startsWith(2, 7, 2);
    assertThat(taken.iteration()).isEqualTo(2);
    assertThat(parse(taken, layout).header().scale()).isEqualTo(1);
    assertThat(exchange.take(A, PLENTY, Buffers.FRESH)).isEmpty();
  }

  @Test
  void whatDoesNotFitComesLater() {
    // 53 + 1 + 1 + (1 + 4) bytes: room for one entry of the 40.
    ParameterLayout layout = Layouts.of(40);
    PartialGradients exchange = exchange(layout, ValueFormat.FP32, true);
    Map<WorkerId, Long> thin = Map.of(A, 60L);
    assertThat(decode(send(exchange, thin, 0, 1, 8f, 4f, 2f), layout)).startsWith(8, 0, 0);
    assertThat(decode(send(exchange, thin, 1, 1, 1f, 1f, 1f), layout)).startsWith(0, 5, 0);
    assertThat(decode(send(exchange, thin, 2, 1, 1f, 1f, 1f), layout)).startsWith(0, 0, 4);
    assertThat(decode(send(exchange, thin, 3, 1, 1f, 0f, 0f), layout)).startsWith(3, 0, 0);
  }

  private static Outgoing send(
      PartialGradients exchange,
      Map<WorkerId, Long> budgets,
      int iteration,
      int batch,
      float... gradient) {
    return Objects.requireNonNull(
        compute(exchange, flat(gradient), iteration, batch, budgets).get(A));
  }

  private static float[] flat(float... values) {
    return Arrays.copyOf(values, 48);
  }

  @ParameterizedTest
  @EnumSource
  void linksThatCarryEverythingShareOnePayload(ValueFormat format) {
    ParameterLayout layout = Layouts.of(100);
    float[] gradient = Layouts.normal(layout, new SplittableRandom(1));
    Map<WorkerId, Long> budgets = new LinkedHashMap<>();
    budgets.put(A, PLENTY);
    budgets.put(B, 80L);
    budgets.put(C, PLENTY);
    for (boolean residuals : new boolean[] {true, false}) {
      PartialGradients exchange = exchange(layout, format, residuals);
      Map<WorkerId, Outgoing> messages = compute(exchange, gradient, 0, 3, budgets);
      Outgoing shared = Objects.requireNonNull(messages.get(A));
      assertThat(messages.get(C)).isSameAs(shared);
      assertThat(messages.get(B)).isNotSameAs(shared);
      assertThat(shared.n()).isEqualTo(100);
      assertThat(shared.share()).isEqualTo(1);
      assertThat(parse(shared, layout).header().scale()).isEqualTo(3);
    }
  }

  @Test
  void aFixedNIgnoresBudgets() {
    ParameterLayout layout = Layouts.of(4);
    PartialGradients exchange =
        new PartialGradients(layout, ValueFormat.FP32, OptionalDouble.of(50), 0.85, false, 1);
    float[] gradient = new float[16];
    System.arraycopy(new float[] {8, -4, 3.9f, 0}, 0, gradient, 0, 4);
    Outgoing message =
        Objects.requireNonNull(compute(exchange, gradient, 0, 1, Map.of(A, 1L)).get(A));
    assertThat(decode(message, layout)).startsWith(8, -4, 0, 0);
    assertThat(message.n()).isEqualTo(50);
    assertThat(message.share()).isEqualTo(0.5);
  }

  @Test
  void nothingIsKeptForAPeerThatLeft() {
    ParameterLayout layout = Layouts.of(40);
    PartialGradients exchange = exchange(layout, ValueFormat.FP32, true);
    send(exchange, Map.of(A, PLENTY), 0, 1, 1f, 2f, 3f);
    assertThat(compute(exchange, flat(1f, 1f, 1f), 1, 1, Map.of())).isEmpty();
    exchange.close(A);
    assertThat(exchange.take(A, PLENTY, Buffers.FRESH)).isEmpty();
    assertThat(decode(send(exchange, Map.of(A, PLENTY), 2, 1, 5f, 0f, 0f), layout))
        .startsWith(5, 0, 0);
  }

  @Test
  void wholeGradientsAreEncodedOnceAndOnlyWhenSomebodyIsThere() {
    ParameterLayout layout = Layouts.of(3);
    float[] gradient = {1, 2, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
    Selection everything = new Selection(layout);
    everything.selectAll();
    WholeGradients whole =
        new WholeGradients(List.of(everything), ValueFormat.FP32, true, false, 1);
    Map<WorkerId, Outgoing> messages =
        whole.computed(
            MemorySegment.ofArray(gradient),
            new Progress(4, 8, 40, 8, 0.5, 1, HeaderExtension.NONE),
            Map.of(A, 0L, B, 0L),
            Buffers.FRESH);
    Outgoing message = Objects.requireNonNull(messages.get(A));
    assertThat(messages.get(B)).isSameAs(message);
    assertThat(decode(message, layout)).startsWith(8, 16, 24);
    assertThat(message.share()).isEqualTo(1);
    assertThat(whole.take(A, PLENTY, Buffers.FRESH)).isEmpty();
    assertThat(whole.queues()).isTrue();
    Buffers none =
        size -> {
          throw new AssertionError("nothing to encode");
        };
    assertThat(
            whole.computed(
                MemorySegment.ofArray(gradient),
                new Progress(5, 8, 48, 8, 0, 1, HeaderExtension.NONE),
                Map.of(),
                none))
        .isEmpty();
  }

  @Test
  void partsAreSentByTurnsAndLeftAsTheirReceiversSeeThem() {
    ParameterLayout layout = Layouts.of(2, 1); // at 0 and at 16
    Selection first = new Selection(layout);
    first.selectWhole(0);
    Selection second = new Selection(layout);
    second.selectWhole(1);
    WholeGradients byTurns =
        new WholeGradients(List.of(first, second), ValueFormat.INT8, true, true, 1);
    float[] gradient = new float[layout.size()];
    for (int iteration = 0; iteration < 4; iteration++) {
      gradient[0] = 127;
      gradient[1] = 0.5f; // rounds to 0 or 1
      gradient[16] = 3;
      Outgoing message = send(byTurns, gradient, iteration);
      float[] seen = decode(message, layout);
      if (iteration % 2 == 0) {
        assertThat(seen[0]).isEqualTo(127);
        assertThat(seen[1]).isIn(0f, 1f).isEqualTo(gradient[1]);
        assertThat(seen[16]).isZero();
        assertThat(message.share()).isEqualTo(2 / 3.0);
      } else {
        assertThat(seen[0]).isZero();
        assertThat(seen[16]).isEqualTo(gradient[16]).isCloseTo(3, within(1e-6f));
        assertThat(gradient[1]).as("not sent").isEqualTo(0.5f);
      }
    }
  }

  private static Outgoing send(WholeGradients exchange, float[] gradient, long iteration) {
    return exchange
        .computed(
            MemorySegment.ofArray(gradient),
            new Progress(iteration, 1, 1 + iteration, 1, 0, 1, HeaderExtension.NONE),
            Map.of(A, 0L),
            Buffers.FRESH)
        .values()
        .iterator()
        .next();
  }

  @Test
  void headersAloneCarryProgressAndNoEntries() {
    ParameterLayout layout = Layouts.of(3, 1000);
    WholeGradients headers =
        new WholeGradients(List.of(new Selection(layout)), ValueFormat.FP32, false, false, 1);
    Outgoing message =
        headers
            .computed(
                MemorySegment.ofArray(new float[layout.size()]),
                new Progress(4, 8, 40, 8, 0.5, 1, HeaderExtension.NONE),
                Map.of(A, 0L),
                Buffers.FRESH)
            .values()
            .iterator()
            .next();
    assertThat(message.payload().length()).isEqualTo(EncodedSize.fixed() + 2);
    assertThat(parse(message, layout).entries()).isZero();
    assertThat(parse(message, layout).header().samples()).isEqualTo(40);
    assertThat(message.share()).isZero();
    assertThat(headers.queues()).isFalse();
  }
}
