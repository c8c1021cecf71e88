package io.dlion.core.peer.descent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dlion.core.Layouts;
import io.dlion.core.kernel.Part;
import io.dlion.core.layout.ParameterLayout;
import io.dlion.core.node.Replica;
import io.dlion.core.settings.Presets;
import io.dlion.core.settings.Settings;
import io.dlion.core.strategy.Strategy;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Which optimizer's memory is where, and what becomes of it. */
class GradientDescentTest {
  private static final ParameterLayout LAYOUT =
      new ParameterLayout.Builder().add("fc.weight", 6, 9).add("fc.bias", 6).build();
  private static final ParameterLayout NO_BUFFERS = new ParameterLayout.Builder().build();
  private static final List<String> ADAPTIVE = List.of("adamw", "muon");

  private static GradientDescent descent(String preset, String kind) {
    Settings settings = Presets.find(preset).settings().with("optimizer.kind", kind);
    return new GradientDescent(replica(), Strategy.of(settings));
  }

  private static Replica replica() {
    return new Replica(
        LAYOUT,
        MemorySegment.ofArray(new float[LAYOUT.size()]),
        MemorySegment.ofArray(new float[LAYOUT.size()]),
        NO_BUFFERS,
        MemorySegment.ofArray(new float[0]));
  }

  @Test
  void momentsAreOfTheWorkersOwnGradientsWhereExchangeIsPartial() {
    for (String kind : ADAPTIVE) {
      for (String preset : List.of("dlion", "dlion-paper", "ako", "gaia")) {
        GradientDescent descent = descent(preset, kind);
        assertThat(descent.keepsGradients()).as("%s, %s", preset, kind).isTrue();
        assertThat(descent.shared()).as("a worker's own").isEmpty();
        assertThat(descent.memory().keySet())
            .isEqualTo(Set.of("first-moment", "second-moment", "sent-direction"));
      }
      for (String preset : List.of("baseline", "hop")) {
        GradientDescent descent = descent(preset, kind);
        assertThat(descent.keepsGradients()).as("%s, %s", preset, kind).isFalse();
        assertThat(descent.shared()).as("all workers'").hasSize(2);
      }
    }
  }

  /** So that a small batch weighs less although a direction is as large as any other. */
  @Test
  void aDirectionIsSentWithTheWorkersShareAndRate() {
    for (String kind : ADAPTIVE) {
      SplittableRandom random = new SplittableRandom(3);
      float[][] own = new float[2][];
      for (int i = 0; i < 2; i++) {
        Replica replica = replica();
        GradientDescent descent =
            new GradientDescent(
                replica,
                Strategy.of(Presets.find("dlion").settings().with("optimizer.kind", kind)));
        replica.gradient().copyFrom(MemorySegment.ofArray(Layouts.normal(LAYOUT, random.split())));
        random = new SplittableRandom(3);
        descent.computed(
            0, i == 0 ? new OwnBatch(8, 1 / 8f, 8) : new OwnBatch(8, 1 / 32f, 8, 0.5, 0.25));
        assertThat(descent.ownScale()).isEqualTo(1);
        assertThat(descent.ownShare()).isEqualTo(i == 0 ? 1 : 0.25);
        assertThat(descent.ownBatch()).isEqualTo(8);
        own[i] = descent.own().toArray(ValueLayout.JAVA_FLOAT);
      }
      for (int i = 0; i < LAYOUT.size(); i++) {
        assertThat(own[1][i]).isCloseTo(own[0][i] / 32, within(1e-6f));
      }
    }
  }

  @Test
  void whatPeersAddIsASumOfWhichPiecesMayComeLater() {
    for (String kind : ADAPTIVE) {
      Replica together = replica();
      Replica apart = replica();
      GradientDescent once = new GradientDescent(together, undecayed(kind));
      GradientDescent twice = new GradientDescent(apart, undecayed(kind));
      MemorySegment sum = MemorySegment.ofArray(Layouts.normal(LAYOUT, new SplittableRandom(1)));
      once.step(List.of(Part.of(sum, 1)), 0, 1);
      twice.step(List.of(Part.of(sum, 0.25f)), 0, 1);
      twice.step(List.of(Part.of(sum, 0.75f)), 0, 0.1); // the sender's rate counts, not this one
      assertThat(floats(apart)).containsExactly(floats(together), within(1e-6f));
      assertThat(floats(apart)[0]).isNotZero();
    }
  }

  private static Strategy undecayed(String kind) {
    return Strategy.of(
        Presets.find("dlion")
            .settings()
            .with("optimizer.kind", kind)
            .with("optimizer.weight-decay", "0"));
  }

  @Test
  void whoTakesOverWeightsAndSharedMemoryGoesOnAsTheOther() {
    for (String kind : List.of("sgd", "adamw", "muon")) {
      Strategy strategy =
          Strategy.of(Presets.find("baseline").settings().with("optimizer.kind", kind));
      Replica first = replica();
      Replica late = replica();
      GradientDescent ahead = new GradientDescent(first, strategy);
      GradientDescent behind = new GradientDescent(late, strategy);
      SplittableRandom random = new SplittableRandom(4);
      for (int iteration = 0; iteration < 12; iteration++) {
        if (iteration == 5) {
          late.weights().copyFrom(first.weights());
          behind.begin(iteration);
          for (int i = 0; i < ahead.shared().size(); i++) {
            behind.shared().get(i).copyFrom(ahead.shared().get(i));
          }
        }
        MemorySegment gradient = MemorySegment.ofArray(Layouts.normal(LAYOUT, random));
        ahead.step(List.of(Part.of(gradient, 1)), 0, 1);
        if (iteration >= 5) {
          behind.step(List.of(Part.of(gradient, 1)), 0, 1);
          assertThat(floats(late)).as(kind).isEqualTo(floats(first));
        }
      }
    }
  }

  /** With its moments at rest, the first directions are corrected as any first ones are. */
  @Test
  void aSenderThatBeginsLateBeginsAsAnyOther() {
    for (String kind : ADAPTIVE) {
      float[][] own = new float[2][];
      for (int i = 0; i < 2; i++) {
        Replica replica = replica();
        GradientDescent descent = new GradientDescent(replica, undecayed(kind));
        descent.begin(i * 5000L);
        replica
            .gradient()
            .copyFrom(MemorySegment.ofArray(Layouts.normal(LAYOUT, new SplittableRandom(9))));
        descent.computed(i * 5000L, new OwnBatch(4, 0.25f, 4));
        own[i] = descent.own().toArray(ValueLayout.JAVA_FLOAT);
      }
      assertThat(own[1]).as(kind).isEqualTo(own[0]);
    }
  }

  private static float[] floats(Replica replica) {
    return replica.weights().toArray(ValueLayout.JAVA_FLOAT);
  }
}
