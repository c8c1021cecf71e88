package io.dlion.core.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dlion.core.Layouts;
import io.dlion.core.Seeded;
import io.dlion.core.kernel.Part;
import io.dlion.core.layout.ParameterLayout;
import io.dlion.core.layout.Variable;
import io.dlion.core.settings.Settings;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class MuonTest {
  private static final double RATE = 0.01;
  private static final AdamW.Rule OTHERS = new AdamW.Rule(RATE, 0.9, 0.99, 0);
  private static final Muon.Rule RULE = new Muon.Rule(0.95, OTHERS);
  private static final ParameterLayout LAYOUT =
      new ParameterLayout.Builder()
          .add("embedding.weight", 40, 12)
          .add("fc.weight", 24, 60)
          .add("fc.bias", 24)
          .add("conv.weight", 30, 2, 3, 3)
          .add("scale")
          .build();

  private static MemorySegment gradient(SplittableRandom random) {
    return MemorySegment.ofArray(Layouts.normal(LAYOUT, random));
  }

  private static float[] stepsOf(Optimizer optimizer, int steps, SplittableRandom random) {
    float[] weights = new float[LAYOUT.size()];
    float[] before = weights;
    for (int step = 0; step < steps; step++) {
      before = weights.clone();
      optimizer.step(List.of(Part.of(gradient(random), 1)), MemorySegment.ofArray(weights));
    }
    for (int i = 0; i < weights.length; i++) {
      weights[i] -= before[i];
    }
    return weights;
  }

  private static float[] of(String name, float[] values) {
    Variable v =
        LAYOUT.variables().stream().filter(x -> x.name().equals(name)).findFirst().orElseThrow();
    return Arrays.copyOfRange(values, v.offset(), v.end());
  }

  @Test
  void stepsOfMatricesAreOrthogonalAndAsLargeAsThoseOfAdam() {
    float[] step = stepsOf(new Muon(LAYOUT, RULE, false), 3, new SplittableRandom(1));
    Map<String, int[]> shapes =
        Map.of("fc.weight", new int[] {24, 60}, "conv.weight", new int[] {30, 18});
    shapes.forEach((name, shape) -> {
      float[] values = of(name, step);
      double scale = RATE * 0.2 * Math.sqrt(Math.max(shape[0], shape[1]));
      for (double singular : NewtonSchulzTest.singularValues(values, shape[0], shape[1])) {
        assertThat(singular / scale).as(name).isBetween(0.6, 1.3);
      }
      double squares = 0;
      for (float value : values) {
        squares += value * value;
      }
      assertThat(Math.sqrt(squares / values.length)).as(name).isBetween(0.12 * RATE, 0.28 * RATE);
    });
  }

  @Test
  void vectorsAndEmbeddingsAreLeftToAdam() {
    float[] step = stepsOf(new Muon(LAYOUT, RULE, false), 5, new SplittableRandom(2));
    float[] adam = stepsOf(OTHERS.atReceiver(LAYOUT), 5, new SplittableRandom(2));
    for (String name : List.of("embedding.weight", "fc.bias", "scale")) {
      assertThat(of(name, step)).as(name).containsExactly(of(name, adam), within(1e-6f));
    }
    assertThat(of("fc.weight", step)).isNotEqualTo(of("fc.weight", adam));
  }

  @Test
  void aGradientOfZerosMovesNothing() {
    float[] weights = new float[LAYOUT.size()];
    new Muon(LAYOUT, RULE, false)
        .step(
            List.of(Part.of(MemorySegment.ofArray(new float[LAYOUT.size()]), 1)),
            MemorySegment.ofArray(weights));
    assertThat(weights).containsOnly(0);
  }

  @Test
  void weightDecayIsDecoupled() {
    float[] weights = new float[LAYOUT.size()];
    Arrays.fill(weights, 2);
    new Muon(LAYOUT, new Muon.Rule(0.95, new AdamW.Rule(RATE, 0.9, 0.99, 0.1)), false)
        .step(
            List.of(Part.of(MemorySegment.ofArray(new float[LAYOUT.size()]), 1)),
            MemorySegment.ofArray(weights),
            new Rates(1, 0.5));
    assertThat(weights[0]).isCloseTo(2 * (1 - 0.0005f), within(1e-6f));
    assertThat(weights).containsOnly(weights[0]);
  }

  @Test
  void aSingleWorkerGetsTheSameWhereverTheMomentsAre() {
    Seeded.check(
        5,
        random -> {
          float[] atReceiver = Layouts.normal(LAYOUT, random);
          float[] atSender = atReceiver.clone();
          Optimizer receiver = RULE.atReceiver(LAYOUT);
          SenderOptimizer sender = RULE.atSender(LAYOUT);
          Optimizer behind = RULE.behindSenders(LAYOUT);
          for (int step = 0; step < 6; step++) {
            MemorySegment gradient = gradient(random);
            receiver.step(List.of(Part.of(gradient, 1)), MemorySegment.ofArray(atReceiver));
            sender.take(gradient, 0.5f);
            behind.step(List.of(Part.of(sender.values(), 2)), MemorySegment.ofArray(atSender));
          }
          assertThat(atSender).containsExactly(atReceiver, within(1e-5f));
        });
  }

  @Test
  void memoryAndTheNumberOfStepsAreAllItNeedsToGoOn() {
    SplittableRandom random = new SplittableRandom(7);
    Muon whole = new Muon(LAYOUT, RULE, true);
    Muon resumed = new Muon(LAYOUT, RULE, true);
    for (int step = 1; step <= 8; step++) {
      MemorySegment gradient = gradient(random);
      whole.take(gradient, 0.25f);
      if (step == 4) {
        whole
            .memory()
            .forEach(
                (name, values) -> System.arraycopy(values, 0, of(resumed, name), 0, values.length));
        resumed.resume(step);
      } else if (step > 4) {
        resumed.take(gradient, 0.25f);
      }
    }
    assertThat(whole.memory().keySet())
        .containsExactlyInAnyOrder("first-moment", "second-moment", "sent-direction");
    whole
        .memory()
        .forEach((name, values) -> assertThat(of(resumed, name)).as(name).isEqualTo(values));
  }

  private static float[] of(Muon optimizer, String name) {
    return Objects.requireNonNull(optimizer.memory().get(name));
  }

  @Test
  void settingsSayWhatItIs() {
    Settings settings = Settings.defaults().with("optimizer.kind", "muon");
    AdamW.Rule others = new AdamW.Rule(0.003, 0.9, 0.99, 0.01);
    assertThat(Optimizers.of(settings)).isEqualTo(new Muon.Rule(0.9, others));
    assertThat(Optimizers.of(settings).scaled(0.5))
        .isEqualTo(new Muon.Rule(0.9, new AdamW.Rule(0.0015, 0.9, 0.99, 0.01)));
  }
}
