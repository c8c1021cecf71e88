package io.dlion.core.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dlion.core.Layouts;
import io.dlion.core.kernel.Blocks;
import io.dlion.core.layout.ParameterLayout;
import io.dlion.core.node.Replica;
import io.dlion.core.settings.Presets;
import io.dlion.core.strategy.Strategy;
import io.dlion.core.wire.Buffers;
import io.dlion.core.wire.CommitMessage;
import io.dlion.core.wire.Frame;
import io.dlion.core.wire.GradientWriter;
import io.dlion.core.wire.MalformedMessageException;
import io.dlion.core.wire.Payload;
import io.dlion.core.wire.ValueFormat;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ClientModelTest {
  private static final ParameterLayout LAYOUT = Layouts.of(4100, 5);
  private static final ParameterLayout BUFFERS = Layouts.of(3);

  private final SplittableRandom random = new SplittableRandom(1);
  private final float[] weights = Layouts.normal(LAYOUT, random);
  private final float[] gradient = new float[LAYOUT.size()];
  private final float[] buffers = Layouts.normal(BUFFERS, random);
  private final Replica replica =
      new Replica(
          LAYOUT,
          MemorySegment.ofArray(weights),
          MemorySegment.ofArray(gradient),
          BUFFERS,
          MemorySegment.ofArray(buffers));

  private ClientModel model(boolean rounds, boolean overlaps) {
    Strategy strategy =
        Strategy.of(
            Presets.find("ssp")
                .settings()
                .with("optimizer.learning-rate", "0.1")
                .with("optimizer.weight-decay", "0"));
    return new ClientModel(
        replica, strategy.descent().optimizer().atReceiver(LAYOUT), rounds, overlaps);
  }

  private void step(ClientModel model) {
    System.arraycopy(Layouts.normal(LAYOUT, random), 0, gradient, 0, gradient.length);
    model.step(1);
  }

  private void adopt(ClientModel model, float[] global, float[] statistics, long version) {
    System.arraycopy(global, 0, model.incoming(), 0, global.length);
    model.adopt(MemorySegment.ofArray(statistics), 1, version);
  }

  private static float[] sum(float[] a, float[] b, float sign) {
    float[] sum = new float[a.length];
    for (int i = 0; i < a.length; i++) {
      sum[i] = a[i] + sign * b[i];
    }
    return sum;
  }

  /** U as it would be sent if nothing were rounded. */
  private static float[] distance(ClientModel model) {
    float[] all = new float[LAYOUT.size()];
    float[] block = new float[Blocks.BLOCK];
    for (int at = 0; at < all.length; at += Blocks.BLOCK) {
      int count = Math.min(Blocks.BLOCK, all.length - at);
      model.read(at, count, block);
      System.arraycopy(block, 0, all, at, count);
    }
    return all;
  }

  private static void assertClose(float[] found, float[] expected) {
    for (int i = 0; i < expected.length; i++) {
      assertThat(found[i]).as("at %d", i).isCloseTo(expected[i], within(2e-5f));
    }
  }

  @Test
  void aCommitIsHowFarLocalStepsWent() {
    float[] before = weights.clone();
    ClientModel model = model(false, false);
    step(model);
    step(model);
    assertThat(model.steps()).isEqualTo(2);
    assertThat(distance(model)).isEqualTo(sum(before, weights, -1));
    assertThat(model.global().toArray(ValueLayout.JAVA_FLOAT))
        .as("the global model is what it was")
        .isEqualTo(before);
  }

  @Test
  void afterACommitTheAnswerTakesTheReplicasPlace() {
    ClientModel model = model(false, false);
    step(model);
    model.committed();
    float[] answer = Layouts.normal(LAYOUT, random);
    float[] statistics = {1, 2, 3};
    adopt(model, answer, Arrays.copyOf(statistics, BUFFERS.size()), 9);
    assertThat(weights).isEqualTo(answer);
    assertThat(buffers[0]).isEqualTo(1);
    assertThat(model.version()).isEqualTo(9);
    assertThat(model.term()).isEqualTo(1);
    assertThat(distance(model)).containsOnly(0f);
  }

  @Test
  void stepsThatAreInNoCommitAreKept() {
    ClientModel model = model(false, false);
    step(model);
    float[] went = distance(model);
    float[] statistics = buffers.clone();
    float[] answer = Layouts.normal(LAYOUT, random);
    adopt(model, answer, new float[BUFFERS.size()], 9);
    assertClose(weights, sum(answer, went, -1));
    assertClose(distance(model), went);
    assertThat(model.steps()).isEqualTo(1);
    assertThat(buffers).as("those of its steps").isEqualTo(statistics);
  }

  @Test
  void withOverlapStepsGoOnFromTheCommitAndThenFromTheAnswer() {
    ClientModel model = model(false, true);
    float[] before = weights.clone();
    step(model);
    model.committed();
    float[] atCommit = weights.clone();
    assertThat(model.steps()).isZero();
    step(model);
    float[] since = sum(atCommit, weights, -1);
    assertThat(distance(model)).isEqualTo(since);
    assertThat(model.global().toArray(ValueLayout.JAVA_FLOAT)).isEqualTo(before);
    float[] answer = Layouts.normal(LAYOUT, random);
    adopt(model, answer, new float[BUFFERS.size()], 9);
    assertClose(weights, sum(answer, since, -1));
    assertClose(distance(model), since);
    assertThat(model.global().toArray(ValueLayout.JAVA_FLOAT)).isEqualTo(answer);
  }

  /** Error feedback: nothing of what steps did is lost, only delayed. */
  @ParameterizedTest
  @EnumSource(
      value = ValueFormat.class,
      names = {"BF16", "INT8"})
  void whatRoundingKeepsBackIsSentLater(ValueFormat format) throws MalformedMessageException {
    ClientModel model = model(true, false);
    GradientWriter writer = new GradientWriter(format, 1);
    float[] sent = new float[LAYOUT.size()];
    float[] went = new float[LAYOUT.size()];
    for (int commit = 1; commit <= 5; commit++) {
      float[] from = weights.clone();
      step(model);
      went = sum(went, sum(from, weights, -1), 1);
      Payload payload =
          CommitMessage.encode(
              writer,
              ServerPart.whole(LAYOUT),
              model,
              commit,
              1,
              commit,
              new CommitMessage.About(0, 1, 0, 1, 0.5, 0.1),
              replica.buffers(),
              Buffers.FRESH);
      Frame.open(payload, LAYOUT.fingerprint());
      CommitMessage.parse(payload, LAYOUT, BUFFERS).values().addTo(sent, 1);
      model.committed();
      adopt(model, Layouts.normal(LAYOUT, random), new float[BUFFERS.size()], commit);
      float[] residual = distance(model); // there are no steps: all else is kept back
      assertClose(sum(sent, residual, 1), went);
      assertThat(residual).as("it rounds").isNotEqualTo(new float[residual.length]);
    }
  }

  @Test
  void givingUpStepsItBecomesTheGlobalModel() {
    for (boolean overlaps : new boolean[] {false, true}) {
      float[] before = weights.clone();
      ClientModel model = model(false, overlaps);
      step(model);
      model.committed();
      step(model);
      model.become(model.global(), model.globalBuffers(), 3, 8);
      assertThat(weights).isEqualTo(before);
      assertThat(model.steps()).isZero();
      assertThat(model.term()).isEqualTo(3);
      assertThat(model.version()).isEqualTo(8);
      assertThat(distance(model)).containsOnly(0f);
    }
  }
}
