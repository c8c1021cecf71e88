package io.dlion.core.peer.descent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dlion.core.Layouts;
import io.dlion.core.layout.ParameterLayout;
import io.dlion.core.node.Replica;
import io.dlion.core.settings.Presets;
import io.dlion.core.strategy.Strategy;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

class OwnBatchTest {
  private static final ParameterLayout LAYOUT = Layouts.of(1);
  private final float[] gradient = new float[LAYOUT.size()];

  private GradientDescent descent(String preset) {
    Replica replica =
        new Replica(
            LAYOUT,
            MemorySegment.ofArray(new float[LAYOUT.size()]),
            MemorySegment.ofArray(gradient),
            LAYOUT,
            MemorySegment.ofArray(new float[LAYOUT.size()]));
    java.util.Arrays.fill(gradient, 1);
    return new GradientDescent(replica, Strategy.of(Presets.find(preset).settings()));
  }

  @Test
  void aVelocityRemembersTheBatchesOfItsGradients() {
    GradientDescent descent = descent("dlion");
    descent.computed(0, new OwnBatch(80, 1 / 160f, 20));
    assertThat(descent.ownBatch()).isEqualTo(80);
    descent.computed(1, new OwnBatch(1, 1 / 16f, 20));
    assertThat(descent.ownBatch()).isEqualTo((0.9 * 80 + 1) / 1.9);
    assertThat(descent.ownShare()).isEqualTo((0.9 * 80 / 160 + 1.0 / 16) / 1.9, within(1e-7));
    // Over its own share a velocity of constant mean gradients stays their sum, 1 + 0.9.
    float velocity = descent.own().toArray(java.lang.foreign.ValueLayout.JAVA_FLOAT)[0];
    assertThat(velocity / descent.ownShare()).isEqualTo(1.9, within(1e-6));
  }

  @Test
  void aGradientIsOfItsOwnBatchOnly() {
    GradientDescent descent = descent("baseline");
    descent.computed(0, new OwnBatch(80, 1 / 160f, 20));
    descent.computed(1, new OwnBatch(1, 1 / 16f, 20));
    assertThat(descent.ownBatch()).isEqualTo(1);
    assertThat(descent.ownShare()).isEqualTo(1 / 16f);
  }
}
