package io.dlion.core.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlion.core.Layouts;
import io.dlion.core.Seeded;
import io.dlion.core.WorkerId;
import io.dlion.core.layout.ParameterLayout;
import io.dlion.core.wire.Buffers;
import io.dlion.core.wire.GradientHeader;
import io.dlion.core.wire.GradientMessage;
import io.dlion.core.wire.GradientSource;
import io.dlion.core.wire.GradientWriter;
import io.dlion.core.wire.MalformedMessageException;
import io.dlion.core.wire.Selection;
import io.dlion.core.wire.ValueFormat;
import java.lang.foreign.MemorySegment;
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

  @Test
  void whatStoodInIsTakenBackWhereTheMessageHasEntries() {
    Anticipation anticipation = new Anticipation(LAYOUT.size());
    anticipation.peers(Set.of(W2), 0);
    // Three steps on 4 samples each, of B = 12: sums of 8, so mean gradients of 2.
    for (int i = 0; i < 3; i++) {
      assertThat(anticipation.stepped(floats(8, 8, 8), 1, 4, 4)).isEqualTo(1f / 4);
    }
    float[] sum = new float[LAYOUT.size()];
    // Peer: 8 samples an iteration, so 8/12 of each of the 3 · 2 stood in for it.
    anticipation.arrived(W2, message(8, 1, 36, 0, 60), 1f / 12, SECOND, 0, sum);
    assertThat(sum[0]).isCloseTo(36f / 12 - 6 * 8f / 12, NEARLY);
    assertThat(sum[1]).isZero(); // not in the message: it stays as anticipated
    assertThat(sum[2]).isCloseTo(60f / 12 - 6 * 8f / 12, NEARLY);
    // The second time nothing of it is left but where it had not come.
    float[] next = new float[LAYOUT.size()];
    anticipation.arrived(W2, message(8, 2, 12, 12, 0), 1f / 12, 2 * SECOND, 0, next);
    assertThat(next[0]).isCloseTo(1, NEARLY);
    assertThat(next[1]).isCloseTo(1 - 6 * 8f / 12, NEARLY);
  }

  @Test
  void stepsTakenWhileAMessageWasUnderWayStayInPlace() {
    Anticipation anticipation = new Anticipation(LAYOUT.size());
    anticipation.peers(Set.of(W2), 0);
    for (int i = 0;
        i < 4;
        i++) { // four steps of 1 in four seconds, the last while it was under way
      anticipation.stepped(floats(1, 1, 1), 1, 1, 1);
    }
    float[] sum = new float[LAYOUT.size()];
    anticipation.arrived(W2, message(1, 1, 3, 3, 3), 0.5f, 4 * SECOND, SECOND, sum);
    assertThat(sum[0]).isCloseTo(0.5f * (3 - 3), NEARLY);
    float[] next = new float[LAYOUT.size()];
    anticipation.arrived(W2, message(1, 2, 1, 1, 1), 0.5f, 4 * SECOND, 0, next);
    assertThat(next[0]).isCloseTo(0, NEARLY); // the fourth
  }

  @Test
  void aSmallBatchStandsInForLess() {
    Anticipation anticipation = new Anticipation(LAYOUT.size());
    assertThat(anticipation.stepped(floats(1, 1, 1), 1, 2, 8)).isEqualTo(1f / 8);
    assertThat(anticipation.stepped(floats(1, 1, 1), 1, 16, 8)).isEqualTo(1f / 16);
  }

  @Test
  void whoComesLateHasNothingToReplaceOfWhatWasBefore() {
    Anticipation anticipation = new Anticipation(LAYOUT.size());
    anticipation.peers(Set.of(W2), 0);
    anticipation.stepped(floats(5, 5, 5), 1, 1, 1);
    anticipation.peers(Set.of(W2, W3), SECOND);
    float[] sum = new float[LAYOUT.size()];
    anticipation.arrived(W3, message(1, 1, 2, 2, 2), 0.5f, 2 * SECOND, 0, sum);
    assertThat(sum[0]).isCloseTo(1, NEARLY);
    anticipation.peers(Set.of(W3), 2 * SECOND); // w2 has left; its last message arrives
    float[] last = new float[LAYOUT.size()];
    anticipation.arrived(W2, message(1, 1, 2, 2, 2), 0.5f, 3 * SECOND, 0, last);
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
          Anticipation anticipation = new Anticipation(LAYOUT.size());
          List<WorkerId> ids =
              IntStream.range(0, peers).mapToObj(k -> new WorkerId("p" + k)).toList();
          anticipation.peers(Set.copyOf(ids), 0);
          float update = 0; // of the first entry
          float plain = 0;
          float[] owed = new float[peers];
          for (int t = 1; t <= 40; t++) {
            float own = (float) random.nextGaussian();
            float others = anticipation.stepped(floats(own, own, own), 1, batch, 1);
            update += own * (factor + (1 - factor * batch) * others);
            plain += own * factor;
            for (int k = 0; k < peers; k++) {
              float g = (float) random.nextGaussian();
              plain += g * factor;
              owed[k] += g;
              if (t == 40 || random.nextInt(3) == 0) {
                float[] sum = new float[LAYOUT.size()];
                anticipation.arrived(
                    ids.get(k), message(batch, t, owed[k], 0, 0), factor, t * SECOND, 0, sum);
                update += sum[0];
                owed[k] = 0;
              }
            }
          }
          assertThat(update).isCloseTo(plain, Offset.offset(1e-3f));
        });
  }

  /** A message of the values that are not zero. */
  private static GradientMessage message(int batch, int iteration, float... values) {
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
                  selection,
                  new Values(values),
                  new GradientHeader(iteration, batch, (long) batch * iteration, 1, 0),
                  Buffers.FRESH),
          LAYOUT);
    } catch (MalformedMessageException e) {
      throw new AssertionError(e);
    }
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
}
