package io.dlion.core.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dlion.core.Layouts;
import io.dlion.core.layout.ParameterLayout;
import io.dlion.core.node.Replica;
import io.dlion.core.wire.Buffers;
import io.dlion.core.wire.CommitMessage;
import io.dlion.core.wire.Frame;
import io.dlion.core.wire.GradientSource;
import io.dlion.core.wire.GradientWriter;
import io.dlion.core.wire.MalformedMessageException;
import io.dlion.core.wire.Payload;
import io.dlion.core.wire.ValueFormat;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class GlobalModelTest {
  private static final ParameterLayout LAYOUT = Layouts.of(4100, 5);
  private static final ParameterLayout BUFFERS =
      new ParameterLayout.Builder().add("mean", 2).build();

  private final SplittableRandom random = new SplittableRandom(1);
  private final float[] initial = Layouts.normal(LAYOUT, random);
  private final Replica replica =
      new Replica(
          LAYOUT,
          MemorySegment.ofArray(new float[LAYOUT.size()]),
          MemorySegment.ofArray(new float[LAYOUT.size()]),
          BUFFERS,
          MemorySegment.ofArray(new float[BUFFERS.size()]));
  private final GlobalModel model =
      new GlobalModel(replica, initial.clone(), new float[BUFFERS.size()], 7);

  private static MemorySegment statistics(float value) {
    float[] values = new float[BUFFERS.size()];
    values[0] = value;
    return MemorySegment.ofArray(values);
  }

  private float[] weights() {
    return model.weights().toArray(ValueLayout.JAVA_FLOAT);
  }

  private static CommitMessage commit(float[] distance, float statistic)
      throws MalformedMessageException {
    GradientSource source =
        new GradientSource() {
          @Override
          public void read(int offset, int count, float[] block) {
            System.arraycopy(distance, offset, block, 0, count);
          }

          @Override
          public void sent(int offset, int count, float[] block) {}

          @Override
          public void sent(int offset, int[] indices, float[] values, int first, int end) {}
        };
    Payload payload =
        CommitMessage.encode(
            new GradientWriter(ValueFormat.FP32, 1),
            ServerPart.whole(LAYOUT),
            source,
            1,
            1,
            1,
            new CommitMessage.About(0, 1, 0, 1, 0.5, 0.1),
            statistics(statistic),
            Buffers.FRESH);
    Frame.open(payload, LAYOUT.fingerprint());
    return CommitMessage.parse(payload, LAYOUT, BUFFERS);
  }

  @Test
  void aCommitIsSubtractedWithItsWeight() throws MalformedMessageException {
    float[] distance = Layouts.normal(LAYOUT, random);
    model.apply(commit(distance, 8), 0.25, 0.5);
    float[] found = weights();
    for (int i = 0; i < found.length; i++) {
      assertThat(found[i]).isCloseTo(initial[i] - 0.25f * distance[i], within(1e-6f));
    }
    assertThat(model.buffers().getAtIndex(ValueLayout.JAVA_FLOAT, 0)).isEqualTo(4);
    assertThat(model.version()).isEqualTo(8);
  }

  @Test
  void thatOfTheClientInThisProcessIsTheSameWithoutAMessage() throws MalformedMessageException {
    float[] base = Layouts.normal(LAYOUT, random);
    float[] local = Layouts.normal(LAYOUT, random);
    float[] distance = new float[base.length];
    for (int i = 0; i < base.length; i++) {
      distance[i] = base[i] - local[i];
    }
    model.apply(
        MemorySegment.ofArray(base), MemorySegment.ofArray(local), statistics(8), 0.25, 0.5);
    float[] byReference = weights();
    GlobalModel other = new GlobalModel(replica, initial.clone(), new float[BUFFERS.size()], 7);
    other.apply(commit(distance, 8), 0.25, 0.5);
    float[] byMessage = other.weights().toArray(ValueLayout.JAVA_FLOAT);
    for (int i = 0; i < byMessage.length; i++) {
      assertThat(byReference[i]).isCloseTo(byMessage[i], within(1e-6f));
    }
    assertThat(model.version()).isEqualTo(8);
  }

  @Test
  void whatWasKeptCanBeRestoredMoreThanOnceAndVersionsOnlyGrow() throws MalformedMessageException {
    model.keep();
    for (int trial = 0; trial < 2; trial++) {
      model.apply(commit(Layouts.normal(LAYOUT, random), 8), 1, 0.5);
      assertThat(weights()).isNotEqualTo(initial);
      long before = model.version();
      model.restoreKept();
      assertThat(weights()).isEqualTo(initial);
      assertThat(model.buffers().mismatch(statistics(0))).isEqualTo(-1);
      assertThat(model.version()).isEqualTo(before + 1);
    }
    model.leftOut();
    assertThat(model.version()).isEqualTo(12);
    assertThat(weights()).isEqualTo(initial);
  }
}
