package io.dlion.core.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlion.core.Layouts;
import io.dlion.core.settings.Presets;
import io.dlion.core.layout.ParameterLayout;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
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
    return new GradientDescent(
        replica, new Strategy(Presets.find(preset).settings()), Optional.empty());
  }

  @Test
  void aVelocityRemembersTheBatchesOfItsGradients() {
    GradientDescent descent = descent("dlion");
    descent.computed(0, 80, 20);
    assertThat(descent.ownBatch()).isEqualTo(80);
    descent.computed(1, 1, 20);
    assertThat(descent.ownBatch()).isEqualTo((0.9 * 80 + 1) / 1.9);
    // Over its own batch a velocity of constant mean gradients stays a mean: 152.9 / 38.4 / 1.9.
    float velocity = descent.own().toArray(java.lang.foreign.ValueLayout.JAVA_FLOAT)[0];
    assertThat(velocity / descent.ownBatch()).isBetween(1.89, 1.91);
  }

  @Test
  void aGradientIsOfItsOwnBatchOnly() {
    GradientDescent descent = descent("baseline");
    descent.computed(0, 80, 20);
    descent.computed(1, 1, 20);
    assertThat(descent.ownBatch()).isEqualTo(1);
  }
}
