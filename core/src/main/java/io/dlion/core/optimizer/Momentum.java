package io.dlion.core.optimizer;

import io.dlion.core.kernel.Blocks;
import io.dlion.core.kernel.Part;
import io.dlion.core.layout.ParameterLayout;
import io.dlion.core.settings.Options;
import io.dlion.core.settings.Settings;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Stochastic gradient descent with momentum and weight decay, the form PyTorch uses: {@code v ← μ·v
 * + (u + d·w)}, {@code w ← w − η·v}, where u is the weighted gradient of the global batch. Plain
 * SGD ({@code μ = 0}) keeps no velocity. Not thread safe.
 */
public final class Momentum implements Optimizer {
  private final double learningRate;
  private final float momentum;
  private final double weightDecay;
  private final float[] velocity;
  private final float[] w = new float[Blocks.BLOCK];
  private final float[] u = new float[Blocks.BLOCK];
  private final float[] v = new float[Blocks.BLOCK];

  /**
   * SGD, the optimizer {@code sgd}.
   *
   * @param learningRate η
   * @param momentum μ
   * @param weightDecay d, an L2 penalty
   */
  public record Rule(double learningRate, double momentum, double weightDecay)
      implements OptimizerRule {
    static Rule of(Settings settings) {
      return new Rule(
          OptimizerRule.learningRate(settings, learningRateOf(settings)),
          settings.number("optimizer.momentum"),
          OptimizerRule.weightDecay(settings, Options.WEIGHT_DECAY));
    }

    private static double learningRateOf(Settings settings) {
      if (!settings.is("server.method", "none")) {
        return Options.CLIENT_LEARNING_RATE;
      }
      // Outer momentum takes what local steps have led to several times over.
      return settings.integer("local.steps") > 0 && settings.number("outer.momentum") > 0
          ? Options.LOCAL_LEARNING_RATE
          : Options.LEARNING_RATE;
    }

    @Override
    public OptimizerRule scaled(double factor) {
      return new Rule(learningRate * factor, momentum, weightDecay);
    }

    @Override
    public boolean remembers() {
      return momentum > 0;
    }

    @Override
    public boolean isLinear() {
      return true;
    }

    @Override
    public Optimizer atReceiver(ParameterLayout layout) {
      return new Momentum(layout.size(), learningRate, momentum, weightDecay);
    }

    @Override
    public SenderOptimizer atSender(ParameterLayout layout) {
      return new Velocity(layout.size(), momentum);
    }

    /** Velocities leave decay without its own: the sum of its geometric series stands in. */
    @Override
    public Optimizer behindSenders(ParameterLayout layout) {
      return new Momentum(layout.size(), learningRate, 0, weightDecay / (1 - momentum));
    }
  }

  /** An optimizer for {@code size} parameters, at rest. */
  public Momentum(int size, double learningRate, double momentum, double weightDecay) {
    this.learningRate = learningRate;
    this.momentum = (float) momentum;
    this.weightDecay = weightDecay;
    this.velocity = new float[momentum == 0 ? 0 : size];
  }

  /** The velocity: {@code size} floats, none for plain SGD. */
  public float[] velocity() {
    return velocity;
  }

  @Override
  public Map<String, float[]> memory() {
    return velocity.length == 0 ? Map.of() : Map.of("velocity", velocity);
  }

  @Override
  public void step(List<Part> update, MemorySegment weights, Rates rates) {
    float rate = (float) (learningRate * rates.update());
    float decay = (float) (weightDecay * rates.decay() / rates.update());
    int size = (int) (weights.byteSize() / 4);
    for (int at = 0; at < size; at += Blocks.BLOCK) {
      int count = Math.min(Blocks.BLOCK, size - at);
      Arrays.fill(u, 0, count, 0f);
      for (Part part : update) {
        part.addTo(at, count, u);
      }
      Blocks.read(weights, at, count, w);
      if (velocity.length == 0) {
        descend(w, u, count, rate, decay);
      } else {
        System.arraycopy(velocity, at, v, 0, count);
        accelerate(v, w, u, count, momentum, decay);
        System.arraycopy(v, 0, velocity, at, count);
        Blocks.addScaled(v, count, -rate, w);
      }
      Blocks.write(w, count, weights, at);
    }
  }

  private static void accelerate(
      float[] v, float[] w, float[] u, int count, float momentum, float weightDecay) {
    for (int i = 0; i < count; i++) {
      v[i] = momentum * v[i] + (u[i] + weightDecay * w[i]);
    }
  }

  private static void descend(float[] w, float[] u, int count, float rate, float weightDecay) {
    for (int i = 0; i < count; i++) {
      w[i] -= rate * (u[i] + weightDecay * w[i]);
    }
  }
}
