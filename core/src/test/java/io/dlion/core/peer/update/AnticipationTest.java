package io.dlion.core.peer.update;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlion.core.Layouts;
import io.dlion.core.Seeded;
import io.dlion.core.WorkerId;
import io.dlion.core.kernel.Blocks;
import io.dlion.core.kernel.Part;
import io.dlion.core.layout.ParameterLayout;
import io.dlion.core.wire.Buffers;
import io.dlion.core.wire.GradientHeader;
import io.dlion.core.wire.GradientMessage;
import io.dlion.core.wire.GradientSource;
import io.dlion.core.wire.GradientWriter;
import io.dlion.core.wire.HeaderExtension;
import io.dlion.core.wire.HeaderExtension.Kind;
import io.dlion.core.wire.MalformedMessageException;
import io.dlion.core.wire.Selection;
import io.dlion.core.wire.ValueFormat;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** What stands in for gradients that have not arrived, and how it makes way for them. */
final class AnticipationTest {
  private static final WorkerId W2 = new WorkerId("w2");
  private static final WorkerId W3 = new WorkerId("w3");
  private static final long SECOND = 1_000_000_000;
  private static final Offset<Float> NEARLY = Offset.offset(1e-4f);
  private static final ParameterLayout LAYOUT = Layouts.of(3);

  /** So many examples that nothing is unlike because there are few. */
  private static final RandomDivision PLENTY = new RandomDivision(1_000_000_000, 0.9);

  @Test
  void whatStoodInIsTakenBackWhereTheMessageHasEntries() {
    Anticipation anticipation = new Anticipation(LAYOUT.size(), PLENTY);
    anticipation.peers(Set.of(W2), 0);
    // Three steps on 4 samples each, of B = 12: sums of 8, so mean gradients of 2.
    for (int i = 0; i < 3; i++) {
      assertThat(stepped(anticipation, floats(8, 8, 8), 4, 4, 8f / 12))
          .isCloseTo(8f / 12 / 4, NEARLY);
    }
    float[] sum = new float[LAYOUT.size()];
    // Peer: 8 samples an iteration, so 8/12 of each of the 3 · 2 stood in for it.
    arrived(anticipation, W2, message(8, 1, 36, 0, 60), 1f / 12, SECOND, 0, sum);
    assertThat(sum[0]).isCloseTo(36f / 12 - 6 * 8f / 12, NEARLY);
    assertThat(sum[1]).isZero(); // not in the message: it stays as anticipated
    assertThat(sum[2]).isCloseTo(60f / 12 - 6 * 8f / 12, NEARLY);
    // The second time nothing of it is left but where it had not come.
    float[] next = new float[LAYOUT.size()];
    arrived(anticipation, W2, message(8, 2, 12, 12, 0), 1f / 12, 2 * SECOND, 0, next);
    assertThat(next[0]).isCloseTo(1, NEARLY);
    assertThat(next[1]).isCloseTo(1 - 6 * 8f / 12, NEARLY);
  }

  @Test
  void stepsTakenWhileAMessageWasUnderWayStayInPlace() {
    Anticipation anticipation = new Anticipation(LAYOUT.size(), PLENTY);
    anticipation.peers(Set.of(W2), 0);
    for (int i = 0;
        i < 4;
        i++) { // four steps of 1 in four seconds, the last while it was under way
      stepped(anticipation, floats(1, 1, 1), 1, 1, 0.5f);
    }
    float[] sum = new float[LAYOUT.size()];
    arrived(anticipation, W2, message(1, 1, 3, 3, 3), 0.5f, 4 * SECOND, SECOND, sum);
    assertThat(sum[0]).isCloseTo(0.5f * (3 - 3), NEARLY);
    float[] next = new float[LAYOUT.size()];
    arrived(anticipation, W2, message(1, 2, 1, 1, 1), 0.5f, 4 * SECOND, 0, next);
    assertThat(next[0]).isCloseTo(0, NEARLY); // the fourth
  }

  @Test
  void whatMessagesHaveLeftOutIsReplacedAllUpToTheOneThatBringsIt() {
    Anticipation anticipation = new Anticipation(LAYOUT.size(), PLENTY);
    anticipation.peers(Set.of(W2), 0);
    for (int t = 1; t <= 4; t++) {
      stepped(anticipation, floats(1, 1, 1), 1, 1, 0.5f);
    }
    float[] sum = new float[LAYOUT.size()];
    arrived(anticipation, W2, message(1, 3, 3, 0, 0), 0.5f, 4 * SECOND, SECOND, sum);
    assertThat(sum[0]).isCloseTo(0.5f * (3 - 3), NEARLY);
    for (int t = 5; t <= 8; t++) {
      stepped(anticipation, floats(1, 1, 1), 1, 1, 0.5f);
    }
    float[] next = new float[LAYOUT.size()]; // made after the seventh step
    arrived(anticipation, W2, message(1, 7, 4, 7, 0), 0.5f, 8 * SECOND, SECOND, next);
    assertThat(next[0]).isCloseTo(0.5f * (4 - 4), NEARLY);
    assertThat(next[1]).isCloseTo(0.5f * (7 - 7), NEARLY);
    assertThat(next[2]).isZero();
  }

  @Test
  void aSmallBatchStandsInForLess() {
    Anticipation anticipation = new Anticipation(LAYOUT.size(), PLENTY);
    assertThat(stepped(anticipation, floats(1, 1, 1), 16, 8, 1)).as("no peers").isZero();
    anticipation.peers(Set.of(W2), 0);
    assertThat(stepped(anticipation, floats(1, 1, 1), 2, 8, 1)).isEqualTo(1f / 8);
    assertThat(stepped(anticipation, floats(1, 1, 1), 16, 8, 1)).isEqualTo(1f / 16);
  }

  @Test
  void withoutMomentumABatchStandsInByItsShareOfTheGlobalOne() {
    Anticipation anticipation =
        new Anticipation(LAYOUT.size(), new RandomDivision(1_000_000_000, 0));
    anticipation.peers(Set.of(W2), 0);
    // 24 of B = 96 samples: a quarter of the three quarters that are others', per sample
    assertThat(stepped(anticipation, floats(1, 1, 1), 24, 16, 0.75f))
        .isCloseTo(0.25f * 0.75f / 24, NEARLY);
  }

  @Test
  void whoComesLateHasNothingToReplaceOfWhatWasBefore() {
    Anticipation anticipation = new Anticipation(LAYOUT.size(), PLENTY);
    anticipation.peers(Set.of(W2), 0);
    stepped(anticipation, floats(5, 5, 5), 1, 1, 0.5f);
    anticipation.peers(Set.of(W2, W3), SECOND);
    float[] sum = new float[LAYOUT.size()];
    arrived(anticipation, W3, message(1, 1, 2, 2, 2), 0.5f, 2 * SECOND, 0, sum);
    assertThat(sum[0]).isCloseTo(1, NEARLY);
    anticipation.peers(Set.of(W3), 2 * SECOND); // w2 has left; its last message arrives
    float[] last = new float[LAYOUT.size()];
    arrived(anticipation, W2, message(1, 1, 2, 2, 2), 0.5f, 3 * SECOND, 0, last);
    assertThat(last[0]).isCloseTo(1, NEARLY);
  }

  @Test
  void onceAllHasArrivedItIsWhatPlainExchangeMakesOfIt() {
    Seeded.check(
        50,
        random -> {
          int peers = 1 + random.nextInt(4);
          int batch = 1 + random.nextInt(8);
          int global = batch * (peers + 1);
          float factor = 1f / global;
          Anticipation anticipation = new Anticipation(LAYOUT.size(), PLENTY);
          List<WorkerId> ids =
              IntStream.range(0, peers).mapToObj(k -> new WorkerId("p" + k)).toList();
          anticipation.peers(Set.copyOf(ids), 0);
          float update = 0; // of the first entry
          float plain = 0;
          float[] owed = new float[peers];
          for (int t = 1; t <= 40; t++) {
            float own = (float) random.nextGaussian();
            float others = 1 - factor * batch;
            update +=
                own * (factor + stepped(anticipation, floats(own, own, own), batch, 1, others));
            plain += own * factor;
            for (int k = 0; k < peers; k++) {
              float g = (float) random.nextGaussian();
              plain += g * factor;
              owed[k] += g;
              if (t == 40 || random.nextInt(3) == 0) {
                float[] sum = new float[LAYOUT.size()];
                arrived(
                    anticipation,
                    ids.get(k),
                    message(batch, t, owed[k], 0, 0),
                    factor,
                    t * SECOND,
                    0,
                    sum);
                update += sum[0];
                owed[k] = 0;
              }
            }
          }
          assertThat(update).isCloseTo(plain, Offset.offset(1e-3f));
        });
  }

  /**
   * A step of a velocity, a sum over samples: what it is multiplied by to stand in for all peers'.
   *
   * @param others what theirs count for, at most 1
   */
  private static float stepped(
      Anticipation anticipation, MemorySegment own, double batch, int wholeBatch, float others) {
    List<Part> parts = new ArrayList<>();
    double share = Math.max(1e-9, 1 - others);
    float scale = (float) (share / batch);
    float factor =
        anticipation.stepped(new UpdateRule.Own(own, scale, batch, share), wholeBatch, parts);
    float[] owed = new float[LAYOUT.size()];
    parts.forEach(part -> Blocks.add(part, owed));
    return factor;
  }

  private static void arrived(
      Anticipation anticipation,
      WorkerId from,
      GradientMessage message,
      float factor,
      long nowNanos,
      long lagNanos,
      float[] sum) {
    message.deliver(anticipation.arrived(from, message, 1, factor, nowNanos, lagNanos), sum);
  }

  /** A message of the values that are not zero, from a peer that knows no cosine. */
  private static GradientMessage message(int batch, int iteration, float... values) {
    return messageOf(batch, iteration, 0, values);
  }

  private static GradientMessage messageOf(
      int batch, int iteration, float cosine, float... values) {
    Selection selection = new Selection(LAYOUT);
    selection.clear();
    selection.beginVariable();
    for (int i = 0; i < values.length; i++) {
      if (values[i] != 0) {
        selection.add(i, values[i]);
      }
    }
    selection.endVariable();
    try {
      return GradientMessage.parse(
          new GradientWriter(ValueFormat.FP32, 1)
              .write(
                  selection, new Values(values), header(iteration, batch, cosine), Buffers.FRESH),
          LAYOUT);
    } catch (MalformedMessageException e) {
      throw new AssertionError(e);
    }
  }

  private static GradientHeader header(int iteration, int batch, float cosine) {
    HeaderExtension extension =
        cosine == 0 ? HeaderExtension.NONE : HeaderExtension.of(Kind.COSINE, cosine);
    return new GradientHeader(iteration, batch, (long) batch * iteration, 1, 0, extension);
  }

  private static double cosine(Anticipation anticipation) {
    return anticipation.extension().get(Kind.COSINE, 0);
  }

  private static final class Values implements GradientSource {
    private final float[] values;

    Values(float... values) {
      this.values = values;
    }

    @Override
    public void read(int offset, int count, float[] block) {
      System.arraycopy(values, offset, block, 0, count);
    }

    @Override
    public void sent(int offset, int count, float[] block) {}

    @Override
    public void sent(int offset, int[] indices, float[] sent, int first, int end) {}
  }

  private static MemorySegment floats(float... values) {
    return MemorySegment.ofArray(Arrays.copyOf(values, LAYOUT.size()));
  }

  @Test
  void whateverBatchesPeersSayAllThatWasAnticipatedIsTakenBack() {
    Anticipation anticipation = new Anticipation(LAYOUT.size(), PLENTY);
    anticipation.peers(Set.of(W2, W3), 0);
    stepped(anticipation, floats(6, 6, 6), 2, 2, 2f / 3); // of B = 6: 2 instead of 6/6
    float[] sum = new float[LAYOUT.size()];
    arrived(anticipation, W2, message(50, 1, 0, 1, 1), 1f / 6, SECOND, 0, sum);
    arrived(anticipation, W3, message(50, 1, 0, 1, 1), 1f / 6, SECOND, 0, sum);
    assertThat(sum[1]).isCloseTo(2f / 6 - 2, NEARLY);
  }

  @Test
  void gradientsThatAreAlikeAreAnticipatedInFull() {
    Anticipation anticipation = new Anticipation(LAYOUT.size(), PLENTY);
    anticipation.peers(Set.of(W2), 0);
    exchange(anticipation, 80, 1, 0);
    assertThat(cosine(anticipation)).isCloseTo(1, Offset.offset(1e-3));
    assertThat(anticipation.weight()).isEqualTo(1);
    assertThat(anticipation.news()).isEmpty();
    assertThat(stepped(anticipation, floats(1, 1, 1), 1, 1, 0.5f)).isEqualTo(0.5f);
  }

  @Test
  void gradientsThatContradictAreHardlyAnticipatedAndStepsBecomeSmall() {
    Anticipation anticipation = new Anticipation(LAYOUT.size(), PLENTY);
    anticipation.peers(Set.of(W2), 0);
    exchange(anticipation, 60, -1, 0);
    assertThat(cosine(anticipation)).isZero(); // too early to tell
    assertThat(anticipation.weight()).isEqualTo(1);
    exchange(anticipation, 1200, -1, 0);
    assertThat(cosine(anticipation)).isBetween(-0.9, -0.2);
    assertThat(anticipation.weight()).isCloseTo(0.3 + 0.7 * 0.05, Offset.offset(1e-6));
    assertThat(stepped(anticipation, floats(1, 1, 1), 1, 1, 0.5f)).isCloseTo(0.025f, NEARLY);
    assertThat(anticipation.news()).hasValueSatisfying(t -> assertThat(t).contains("contradict"));
    assertThat(anticipation.news()).as("once").isEmpty();
    exchange(anticipation, 2000, 1, 0);
    assertThat(anticipation.news()).hasValueSatisfying(t -> assertThat(t).contains("alike again"));
    assertThat(anticipation.news()).isEmpty();
  }

  @Test
  void howMuchIsAnticipatedFollowsFromTheMeanOverWorkers() {
    Anticipation anticipation = new Anticipation(LAYOUT.size(), PLENTY);
    anticipation.peers(Set.of(W2), 0);
    exchange(anticipation, 1000, 0, -0.015f); // nothing that comes is like anything, nor unlike
    assertThat(stepped(anticipation, floats(1, 1, 1), 1, 1, 1)).isCloseTo(0.5f, NEARLY);
    anticipation.peers(Set.of(W2, W3), SECOND);
    exchange(anticipation, W3, 1000, 0, 0.009f);
    assertThat(stepped(anticipation, floats(1, 1, 1), 1, 1, 1)).isCloseTo(0.9f, NEARLY);
    anticipation.peers(Set.of(W2), SECOND); // whoever has left no longer counts
    exchange(anticipation, 1000, 0, -0.015f);
    assertThat(stepped(anticipation, floats(1, 1, 1), 1, 1, 1)).isCloseTo(0.5f, NEARLY);
  }

  private static void exchange(Anticipation anticipation, int steps, int sign, float cosineOfPeer) {
    exchange(anticipation, W2, steps, sign, cosineOfPeer);
  }

  /** Steps, each followed by a message of a peer that is the same but for its sign. */
  private static void exchange(
      Anticipation anticipation, WorkerId peer, int steps, int sign, float cosineOfPeer) {
    for (int t = 1; t <= steps; t++) {
      stepped(anticipation, floats(1, 2, 3), 1, 1, 0.5f);
      arrived(
          anticipation,
          peer,
          messageOf(1, t, cosineOfPeer, sign, 2 * sign, 3 * sign),
          0.5f,
          t * SECOND,
          0,
          new float[LAYOUT.size()]);
    }
  }
}
