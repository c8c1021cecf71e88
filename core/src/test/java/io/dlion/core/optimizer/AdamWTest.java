package io.dlion.core.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dlion.core.Layouts;
import io.dlion.core.Seeded;
import io.dlion.core.kernel.Part;
import io.dlion.core.layout.ParameterLayout;
import io.dlion.core.settings.Settings;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class AdamWTest {
  private static final AdamW.Rule RULE = new AdamW.Rule(0.01, 0.9, 0.99, 0.1);

  @Test
  void stepsAreThoseOfTheAlgorithmInDoublePrecision() {
    Seeded.check(
        30,
        random -> {
          int size = MomentumTest.sizeAroundBlocks(random);
          AdamW.Rule rule =
              new AdamW.Rule(
                  0.05 * random.nextDouble(),
                  0.95 * random.nextDouble(),
                  0.5 + 0.499 * random.nextDouble(),
                  random.nextInt(3) == 0 ? 0 : random.nextDouble());
          Optimizer optimizer = new AdamW(size, rule, false);
          float[] weights = MomentumTest.normal(random, size);
          Reference reference = new Reference(rule, weights);
          for (int step = 1; step <= 12; step++) {
            float[] gradient = MomentumTest.normal(random, size);
            float[] peer = MomentumTest.normal(random, size);
            Rates rates = new Rates(1 - random.nextDouble(), random.nextDouble());
            optimizer.step(
                List.of(
                    Part.of(MemorySegment.ofArray(gradient), 0.75f),
                    Part.of(MemorySegment.ofArray(peer), 0.25f)),
                MemorySegment.ofArray(weights),
                rates);
            reference.step(gradient, 0.75, peer, 0.25, rates);
          }
          for (int i = 0; i < size; i++) {
            assertThat((double) weights[i])
                .as("weight %d of %d, %s", i, size, rule)
                .isCloseTo(reference.w[i], within(1e-4 * Math.max(1, Math.abs(reference.w[i]))));
          }
        });
  }

  /** The algorithm as it is written. */
  private static final class Reference {
    final AdamW.Rule rule;
    final double[] w;
    final double[] m;
    final double[] v;
    int steps;

    Reference(AdamW.Rule rule, float[] weights) {
      this.rule = rule;
      w = new double[weights.length];
      m = new double[weights.length];
      v = new double[weights.length];
      for (int i = 0; i < weights.length; i++) {
        w[i] = weights[i];
      }
    }

    void step(float[] one, double a, float[] other, double b, Rates rates) {
      steps++;
      for (int i = 0; i < w.length; i++) {
        double u = a * one[i] + b * other[i];
        m[i] = rule.beta1() * m[i] + (1 - rule.beta1()) * u;
        v[i] = rule.beta2() * v[i] + (1 - rule.beta2()) * u * u;
        double mean = m[i] / (1 - Math.pow(rule.beta1(), steps));
        double square = v[i] / (1 - Math.pow(rule.beta2(), steps));
        double decay = rule.learningRate() * rates.decay() * rule.weightDecay() * w[i];
        w[i] -= rule.learningRate() * rates.update() * mean / (Math.sqrt(square) + 1e-8) + decay;
      }
    }
  }

  @Test
  void theFirstStepIsAsLongAsTheLearningRateHoweverSmallTheGradient() {
    float[] weights = {1, 1, 1};
    new AdamW(3, new AdamW.Rule(0.01, 0.9, 0.99, 0), false)
        .step(parts(1e-3f, -5, 0), MemorySegment.ofArray(weights));
    assertThat(weights).containsExactly(new float[] {0.99f, 1.01f, 1}, within(1e-5f));
  }

  @Test
  void weightDecayDoesNotPassThroughTheMoments() {
    float[] weights = {2, -4};
    AdamW optimizer = new AdamW(2, RULE, false);
    optimizer.step(parts(0, 0), MemorySegment.ofArray(weights));
    assertThat(weights).containsExactly(new float[] {2 * 0.999f, -4 * 0.999f}, within(1e-6f));
    assertThat(optimizer.firstMoment()).containsOnly(0);
  }

  @Test
  void aSingleWorkerGetsTheSameWhereverTheMomentsAre() {
    Seeded.check(
        20,
        random -> {
          ParameterLayout layout = Layouts.random(random);
          float[] atReceiver = Layouts.normal(layout, random);
          float[] atSender = atReceiver.clone();
          Optimizer receiver = RULE.atReceiver(layout);
          SenderOptimizer sender = RULE.atSender(layout);
          Optimizer behind = RULE.behindSenders(layout);
          for (int step = 0; step < 10; step++) {
            MemorySegment gradient = MemorySegment.ofArray(Layouts.normal(layout, random));
            receiver.step(List.of(Part.of(gradient, 1)), MemorySegment.ofArray(atReceiver));
            sender.take(gradient, 0.5f); // of two samples, say
            behind.step(List.of(Part.of(sender.values(), 2)), MemorySegment.ofArray(atSender));
          }
          assertThat(atSender).containsExactly(atReceiver, within(1e-5f));
        });
  }

  @Test
  void memoryAndTheNumberOfStepsAreAllItNeedsToGoOn() {
    SplittableRandom random = new SplittableRandom(5);
    int size = 3000;
    for (boolean sends : new boolean[] {false, true}) {
      AdamW whole = new AdamW(size, RULE, sends);
      AdamW resumed = new AdamW(size, RULE, sends);
      float[] weights = MomentumTest.normal(random, size);
      float[] others = weights.clone();
      for (int step = 1; step <= 10; step++) {
        MemorySegment gradient = MemorySegment.ofArray(MomentumTest.normal(random, size));
        stepOrTake(whole, sends, gradient, weights);
        if (step <= 4) {
          others = weights.clone();
          whole
              .memory()
              .forEach((name, values) -> System.arraycopy(values, 0, of(resumed, name), 0, size));
          resumed.resume(step);
        } else {
          stepOrTake(resumed, sends, gradient, others);
        }
      }
      assertThat(others).isEqualTo(weights);
      whole
          .memory()
          .forEach((name, values) -> assertThat(of(resumed, name)).as(name).isEqualTo(values));
      assertThat(whole.memory()).hasSize(sends ? 3 : 2);
    }
  }

  private static float[] of(AdamW optimizer, String name) {
    return Objects.requireNonNull(optimizer.memory().get(name));
  }

  private static void stepOrTake(
      AdamW optimizer, boolean sends, MemorySegment gradient, float[] weights) {
    if (sends) {
      optimizer.take(gradient, 0.25f);
    } else {
      optimizer.step(List.of(Part.of(gradient, 1)), MemorySegment.ofArray(weights));
    }
  }

  @Test
  void settingsSayWhatItIs() {
    Settings settings = Settings.defaults().with("optimizer.kind", "adamw");
    assertThat(Optimizers.of(settings)).isEqualTo(new AdamW.Rule(0.003, 0.9, 0.99, 0.01));
    assertThat(Optimizers.of(settings.with("optimizer.learning-rate", "0.1")).scaled(0.5))
        .isEqualTo(new AdamW.Rule(0.05, 0.9, 0.99, 0.01));
  }

  private static List<Part> parts(float... gradient) {
    return List.of(Part.of(MemorySegment.ofArray(gradient), 1));
  }
}
