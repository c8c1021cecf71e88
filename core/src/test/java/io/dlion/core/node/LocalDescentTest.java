package io.dlion.core.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlion.core.Layouts;
import io.dlion.core.layout.ParameterLayout;
import io.dlion.core.settings.Presets;
import io.dlion.core.settings.Settings;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class LocalDescentTest {
  private final ParameterLayout layout = Layouts.of(1);
  private final float[] weights = new float[layout.size()];
  private final float[] gradient = new float[layout.size()];
  private final float[] buffers = new float[Layouts.of(1).size()];
  private final LocalDescent descent = descent();

  /** Two steps of η = 0.5 and μ = 0.5; outer η_o = 0.5, μ_o = 0.5. */
  private LocalDescent descent() {
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
                    "outer.momentum", "0.5"));
    Replica replica =
        new Replica(
            layout,
            MemorySegment.ofArray(weights),
            MemorySegment.ofArray(gradient),
            Layouts.of(1),
            MemorySegment.ofArray(buffers));
    return new LocalDescent(replica, new Strategy(settings));
  }

  private void compute(float g, int samples) {
    gradient[0] = g;
    descent.computed(samples);
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
    descent.step(sum, 16 / 64f);
    assertThat(sum[0]).isZero();
    assertThat(weights[0]).isEqualTo(2.5f); // v_o = 10, w = 10 − 0.5·(10 + 0.5·10)
    assertThat(memory("outer-velocity")).isEqualTo(10);
    assertThat(memory("velocity")).as("kept from round to round").isEqualTo(4);

    compute(0, 1); // v = 2, w = 1.5
    compute(0, 1); // v = 1, w = 1
    assertThat(descent.own().getAtIndex(ValueLayout.JAVA_FLOAT, 0)).isEqualTo(1.5f);
    descent.step(new float[0], 1);
    // v_o = 0.5·10 + 1.5 = 6.5, w = 2.5 − 0.5·(1.5 + 3.25)
    assertThat(weights[0]).isEqualTo(0.125f);
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
    descent.step(new float[0], 1);
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

  @Test
  void finiteGradientsCanGoTooFar() {
    compute(3.4e38f, 4);
    assertThat(weights[0]).isEqualTo(-1.7e38f);
    compute(3.4e38f, 4); // v = 0.5·3.4e38 + 3.4e38 overflows
    assertThat(descent.complete()).isTrue();
    assertThat(descent.sound()).isFalse();
  }
}
