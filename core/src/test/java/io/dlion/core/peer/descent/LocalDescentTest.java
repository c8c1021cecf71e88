package io.dlion.core.peer.descent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dlion.core.Layouts;
import io.dlion.core.UserError;
import io.dlion.core.kernel.Part;
import io.dlion.core.layout.ParameterLayout;
import io.dlion.core.node.Replica;
import io.dlion.core.settings.Presets;
import io.dlion.core.settings.Settings;
import io.dlion.core.strategy.DescentRule;
import io.dlion.core.strategy.Strategy;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LocalDescentTest {
  private final ParameterLayout layout = Layouts.of(2, 1); // at 0 and at 16
  private final float[] weights = new float[layout.size()];
  private final float[] gradient = new float[layout.size()];
  private final float[] buffers = new float[Layouts.of(1).size()];
  private LocalDescent descent = descent(Map.of());
  private long iteration;

  /** Two steps of η = 0.5 and μ = 0.5; outer η_o = 0.5, μ_o = 0.5. */
  private LocalDescent descent(Map<String, String> changes) {
    Settings settings =
        Presets.find("diloco")
            .settings()
            .with(
                Map.of(
                    "local.steps", "2",
                    "batching.initial", "4",
                    "optimizer.learning-rate", "0.5",
                    "optimizer.momentum", "0.5",
                    "optimizer.weight-decay", "0",
                    "outer.learning-rate", "0.5",
                    "outer.momentum", "0.5"))
            .with(changes);
    Replica replica =
        new Replica(
            layout,
            MemorySegment.ofArray(weights),
            MemorySegment.ofArray(gradient),
            Layouts.of(1),
            MemorySegment.ofArray(buffers));
    DescentRule rule = Strategy.of(settings).descent();
    return new LocalDescent(replica, rule.optimizer(), rule.local().orElseThrow());
  }

  private void compute(float g, int samples) {
    gradient[0] = g;
    descent.computed(iteration, new OwnBatch(samples, 1, 4));
  }

  private float memory(String name) {
    return Objects.requireNonNull(descent.memory().get(name)).getAtIndex(ValueLayout.JAVA_FLOAT, 0);
  }

  @Test
  void twoRoundsByHand() {
    weights[0] = 10;
    compute(4, 4); // v = 4, w = 8
    assertThat(weights[0]).isEqualTo(8);
    assertThat(descent.complete()).isFalse();
    compute(2, 12); // v = 0.5·4 + 2 = 4, w = 6
    assertThat(weights[0]).isEqualTo(6);
    assertThat(descent.complete()).isTrue();
    assertThat(descent.own().getAtIndex(ValueLayout.JAVA_FLOAT, 0)).isEqualTo(4); // 10 − 6
    assertThat(descent.ownScale()).isEqualTo(16);

    // A peer went 12 on 48 samples: Δ = (16·4 + 48·12)/64 = 10
    float[] sum = new float[layout.size()];
    sum[0] = 48 * 12 / 64f;
    descent.step(List.of(Part.taking(sum)), 16 / 64f, 1);
    assertThat(sum[0]).isZero();
    assertThat(weights[0]).isEqualTo(2.5f); // v_o = 10, w = 10 − 0.5·(10 + 0.5·10)
    assertThat(memory("outer-velocity")).isEqualTo(10);
    assertThat(memory("velocity")).as("kept from round to round").isEqualTo(4);

    compute(0, 1); // v = 2, w = 1.5
    compute(0, 1); // v = 1, w = 1
    assertThat(descent.own().getAtIndex(ValueLayout.JAVA_FLOAT, 0)).isEqualTo(1.5f);
    descent.step(List.of(), 1, 1);
    // v_o = 0.5·10 + 1.5 = 6.5, w = 2.5 − 0.5·(1.5 + 3.25)
    assertThat(weights[0]).isEqualTo(0.125f);
  }

  @Test
  void aRoundInPairsByHandLeavesStatisticsOfBatchNormAlone() {
    weights[0] = 8;
    descent =
        descent(
            Map.of(
                "gossip.pairs", "on",
                "gossip.consensus-rate", "0.25",
                "exchange.values", "fp32",
                "optimizer.momentum", "0"));
    compute(2, 4); // w = 7
    buffers[0] = 3;
    compute(2, 16); // w = 6
    assertThat(descent.own().getAtIndex(ValueLayout.JAVA_FLOAT, 0)).isEqualTo(-1); // 0.5·2 − 2
    assertThat(descent.ownScale()).as("whatever the batches").isEqualTo(1);
    float[] partner = new float[layout.size()];
    partner[0] = -7 / 2f; // had 4 and went to 16: y = 0.5·(−12) − 0.25·4 = −7
    descent.step(List.of(Part.taking(partner)), 0.5f, 1);
    // v = 0.5·(−2 + 12)/2 + 0.25·(6 − 8) = 2
    assertThat(memory("outer-velocity")).isEqualTo(2);
    assertThat(weights[0]).isEqualTo(10);
    assertThat(buffers[0]).isEqualTo(3);
    assertThat(descent.underway()).isFalse();
  }

  @Test
  void aSmallBatchCountsLessAndALargeOneNotMore() {
    compute(8, 1); // a quarter of b_0 = 4: v = 2, w = −1
    assertThat(weights[0]).isEqualTo(-1);
    compute(8, 8); // v = 0.5·2 + 8 = 9, w = −5.5
    assertThat(weights[0]).isEqualTo(-5.5f);
  }

  @Test
  void aRoundIsTakenBackWhole() {
    weights[0] = 10;
    buffers[0] = 1;
    compute(4, 3);
    compute(2, 5);
    descent.step(List.of(), 1, 1);
    float start = weights[0];
    float velocity = memory("velocity");
    buffers[0] = 2;
    compute(1, 7);
    buffers[0] = 3;
    assertThat(descent.underway()).isTrue();
    descent.takeBack();
    assertThat(descent.underway()).isFalse();
    assertThat(weights[0]).isEqualTo(start);
    assertThat(buffers[0]).isEqualTo(2);
    assertThat(memory("velocity")).isEqualTo(velocity);
    compute(1, 1);
    compute(1, 1);
    assertThat(descent.ownScale()).as("samples of the new round only").isEqualTo(2);
  }

  private static final Map<String, String> ASYNC =
      Map.of(
          "sync.mode", "asynchronous",
          "local.quorum", "0.5",
          "batching.local", "fixed",
          "exchange.values", "fp32",
          "optimizer.momentum", "0");

  @Test
  void aRoundForWhichNobodyWaitsByHand() {
    weights[0] = 10;
    descent = descent(ASYNC);
    descent.plan(3);
    computeWeighted(4); // w = 8
    descent.plan(1); // it is slower than it thought: one step more
    assertThat(descent.contributes()).isFalse();
    computeWeighted(4); // w = 6
    assertThat(descent.complete()).isTrue();
    descent.plan(7); // too late
    assertThat(descent.complete()).isTrue();
    // Δ = 0.25·4 = 1, v = 1, u = 0.5·(1 + 0.5·1)
    assertThat(descent.own().getAtIndex(ValueLayout.JAVA_FLOAT, 0)).isEqualTo(0.75f);
    assertThat(descent.ownScale()).as("it is weighted already").isEqualTo(1);
    assertThat(memory("outer-velocity")).isEqualTo(1);
    float[] others = new float[layout.size()];
    others[0] = 2;
    descent.step(List.of(Part.taking(others)), 1, 1);
    assertThat(weights[0]).isEqualTo(7.25f); // 10 − 0.75 − 2
    assertThat(descent.shared()).as("the velocity is its own").isEmpty();

    descent.plan(1);
    computeWeighted(4); // w = 5.25, Δ = 0.25·2, v = 0.5·1 + 0.5
    assertThat(memory("outer-velocity")).isEqualTo(1);
    assertThat(descent.own().getAtIndex(ValueLayout.JAVA_FLOAT, 0)).isEqualTo(0.5f);
    descent.takeBack();
    assertThat(weights[0]).isEqualTo(7.25f);
    assertThat(memory("outer-velocity")).as("as if it had not contributed").isEqualTo(1);
    others[0] = 1;
    descent.step(List.of(Part.taking(others)), 0, 1);
    assertThat(weights[0]).as("only what has come").isEqualTo(6.25f);
  }

  private void computeWeighted(float g) {
    gradient[0] = g;
    descent.computed(iteration, new OwnBatch(4, 1, 4, 0.25, 1));
  }

  static Stream<Map<String, String>> methods() {
    return Stream.of(
        Map.of(),
        Map.of("local.overlap", "1"),
        Map.of("gossip.pairs", "on", "exchange.values", "fp32"),
        Map.of("exchange.method", "chunks", "exchange.values", "int2"),
        ASYNC);
  }

  @ParameterizedTest
  @MethodSource("methods")
  void statisticsOfBatchNormStayOutOfTheOuterStepAndItsMomentum(Map<String, String> changes) {
    descent = descent(changes);
    for (int round = 0; round < 3; round++) {
      compute(1, 4);
      buffers[0] = 10 + round;
      compute(1, 4);
      buffers[0] = 20 + round;
      descent.step(List.of(), 1, 1);
      assertThat(buffers[0]).as("as the last local step left them").isEqualTo(20 + round);
    }
    assertThat(weights[0]).isNegative();
    assertThat(descent.shared()).allMatch(memory -> memory.byteSize() == layout.bytes());
    assertThat(descent.memory().values())
        .allMatch(memory -> memory.byteSize() == layout.bytes()); // there is no room for more
  }

  @Test
  void finiteGradientsCanGoTooFar() {
    compute(3.4e38f, 4);
    assertThat(weights[0]).isEqualTo(-1.7e38f);
    compute(3.4e38f, 4); // v = 0.5·3.4e38 + 3.4e38 overflows
    assertThat(descent.complete()).isTrue();
    assertThat(descent.sound()).isFalse();
  }

  @Test
  void anOverlappedRoundByHand() {
    weights[0] = 10;
    descent =
        descent(
            Map.of(
                "local.steps", "2",
                "local.overlap", "1",
                "local.mixing", "0.25",
                "optimizer.momentum", "0",
                "outer.momentum", "0"));
    compute(4, 4); // w = 8
    assertThat(descent.contributes()).isTrue();
    assertThat(descent.complete()).isFalse();
    assertThat(descent.own().getAtIndex(ValueLayout.JAVA_FLOAT, 0)).isEqualTo(2);
    compute(6, 4); // w = 5
    assertThat(descent.contributes()).isFalse();
    assertThat(descent.complete()).isTrue();
    assertThat(descent.own().getAtIndex(ValueLayout.JAVA_FLOAT, 0)).isEqualTo(2);
    assertThat(descent.ownScale()).as("samples up to the exchange").isEqualTo(4);
    descent.step(List.of(), 1, 1);
    assertThat(memory("global")).isEqualTo(9); // 10 − 0.5·2
    assertThat(weights[0]).isEqualTo(8); // 0.25·5 + 0.75·9
    compute(-2, 4); // w = 9
    assertThat(descent.own().getAtIndex(ValueLayout.JAVA_FLOAT, 0)).as("from w_global").isZero();
    descent.takeBack();
    assertThat(weights[0]).isEqualTo(8);
    assertThat(memory("global")).isEqualTo(9);
  }

  @Test
  void whoTakesOverTheWeightsOfAPeerGoesOnFromThere() {
    descent = descent(Map.of("local.overlap", "1", "optimizer.momentum", "0"));
    weights[0] = 10; // a peer's
    descent.begin(0);
    compute(4, 4); // w = 8
    assertThat(descent.own().getAtIndex(ValueLayout.JAVA_FLOAT, 0)).isEqualTo(2);
  }

  @Test
  void fragmentsTakeTurnsByHand() {
    weights[0] = 10;
    weights[16] = 20;
    descent =
        descent(
            Map.of(
                "local.steps", "2",
                "local.fragments", "2",
                "optimizer.momentum", "0",
                "outer.momentum", "0"));
    gradient[16] = 8;
    compute(4, 4); // one step each iteration: w = (8, 16)
    assertThat(descent.complete()).isTrue();
    descent.step(List.of(), 1, 1); // the larger variable first: 10 − 0.5·2
    assertThat(weights[0]).isEqualTo(9);
    assertThat(weights[16]).as("goes on locally").isEqualTo(16);
    iteration = 1;
    compute(4, 4); // w = (7, 12)
    descent.step(List.of(), 1, 1); // 20 − 0.5·8
    assertThat(weights[0]).isEqualTo(7);
    assertThat(weights[16]).isEqualTo(16);
    assertThat(memory("global")).isEqualTo(9);
  }

  @Test
  void whatDoesNotFitTogetherIsRefused() {
    refused(Map.of("local.steps", "20", "local.overlap", "20"), "local.overlap=20: needs");
    refused(
        Map.of("local.steps", "20", "local.fragments", "4", "local.overlap", "5"),
        "local.steps of at least 24, found 20");
    refused(Map.of("local.steps", "3", "local.fragments", "4"), "local.fragments=4: needs");
    refused(Map.of("local.steps", "0", "local.overlap", "1"), "local.overlap=1: needs");
    refused(Map.of("topology.kind", "ring"), "expected mesh with local.steps=2");
    for (String method : List.of("max-n", "significant", "blocks")) {
      refused(
          Map.of("local.fragments", "2", "exchange.method", method),
          "exchange.method=" + method + " selects from the whole model");
    }
  }

  private void refused(Map<String, String> changes, String why) {
    assertThatThrownBy(() -> descent(changes))
        .isInstanceOf(UserError.class)
        .hasMessageContaining(why);
  }
}
