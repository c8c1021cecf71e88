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
 * Adam with decoupled weight decay (Loshchilov &amp; Hutter, ICLR '19, algorithm 2), the form
 * PyTorch uses:
 *
 * <pre>
 *   m ← β₁·m + (1 − β₁)·u
 *   v ← β₂·v + (1 − β₂)·u²
 *   w ← w − η·(m / (1 − β₁ᵗ)) / (√(v / (1 − β₂ᵗ)) + ε) − η·d·w</pre>
 *
 * As a {@link SenderOptimizer} u is the worker's own mean gradient, and the direction, the quotient
 * above, is what is exchanged. Not thread safe.
 */
public final class AdamW implements Optimizer, SenderOptimizer {
  /** Name of the direction in a sender's memory. */
  static final String DIRECTION = "sent-direction";

  private static final String FIRST = "first-moment";
  private static final String SECOND = "second-moment";
  private static final float EPSILON = 1e-8f;

  private final Rule rule;
  private final float[] m;
  private final float[] v;
  private final float[] direction;
  private long steps;
  private final float[] u = new float[Blocks.BLOCK];
  private final float[] w = new float[Blocks.BLOCK];
  private final float[] first = new float[Blocks.BLOCK];
  private final float[] second = new float[Blocks.BLOCK];

  /**
   * The optimizer {@code adamw}.
   *
   * @param learningRate η
   * @param beta1 β₁, memory of the mean of gradients
   * @param beta2 β₂, memory of the mean of their squares
   * @param weightDecay d, decoupled
   */
  public record Rule(double learningRate, double beta1, double beta2, double weightDecay)
      implements OptimizerRule {
    static Rule of(Settings settings) {
      return new Rule(
          OptimizerRule.learningRate(settings, Options.ADAPTIVE_LEARNING_RATE),
          settings.number("optimizer.beta1"),
          settings.number("optimizer.beta2"),
          OptimizerRule.weightDecay(settings, Options.DECOUPLED_WEIGHT_DECAY));
    }

    @Override
    public OptimizerRule scaled(double factor) {
      return new Rule(learningRate * factor, beta1, beta2, weightDecay);
    }

    @Override
    public boolean remembers() {
      return true;
    }

    @Override
    public boolean isLinear() {
      return false;
    }

    @Override
    public Optimizer atReceiver(ParameterLayout layout) {
      return new AdamW(layout.size(), this, false);
    }

    @Override
    public SenderOptimizer atSender(ParameterLayout layout) {
      return new AdamW(layout.size(), this, true);
    }

    @Override
    public Optimizer behindSenders(ParameterLayout layout) {
      return new Momentum(layout.size(), learningRate, 0, weightDecay);
    }
  }

  /**
   * An optimizer at rest.
   *
   * @param sends whether it is a sender's, and keeps directions
   */
  AdamW(int size, Rule rule, boolean sends) {
    this.rule = rule;
    this.m = new float[size];
    this.v = new float[size];
    this.direction = new float[sends ? size : 0];
  }

  @Override
  public void step(List<Part> update, MemorySegment weights, Rates rates) {
    begin();
    float rate = (float) (rule.learningRate * rates.update());
    float kept = (float) (1 - rule.learningRate * rates.decay() * rule.weightDecay);
    int size = m.length;
    for (int at = 0; at < size; at += Blocks.BLOCK) {
      int count = Math.min(Blocks.BLOCK, size - at);
      Arrays.fill(u, 0, count, 0f);
      for (Part part : update) {
        part.addTo(at, count, u);
      }
      turn(at, count);
      Blocks.read(weights, at, count, w);
      Blocks.scale(w, count, kept);
      Blocks.addScaled(u, count, -rate, w);
      Blocks.write(w, count, weights, at);
    }
  }

  @Override
  public void take(MemorySegment gradient, float weight) {
    begin();
    for (int at = 0; at < direction.length; at += Blocks.BLOCK) {
      int count = Math.min(Blocks.BLOCK, direction.length - at);
      Blocks.read(gradient, at, count, u);
      turn(at, count);
      Blocks.scale(u, count, weight);
      System.arraycopy(u, 0, direction, at, count);
    }
  }

  /** A further step begins. */
  void begin() {
    steps++;
  }

  /** Makes directions of the entries number {@code from} to {@code end} of an update, in place. */
  void turn(float[] update, int from, int end) {
    for (int at = from; at < end; at += Blocks.BLOCK) {
      int count = Math.min(Blocks.BLOCK, end - at);
      System.arraycopy(update, at, u, 0, count);
      turn(at, count);
      System.arraycopy(u, 0, update, at, count);
    }
  }

  /** The memory of the mean of gradients. */
  float[] firstMoment() {
    return m;
  }

  /** Makes a direction of the block of an update in {@code u}. */
  private void turn(int at, int count) {
    System.arraycopy(m, at, first, 0, count);
    System.arraycopy(v, at, second, 0, count);
    mix(u, first, second, count, (float) rule.beta1, (float) rule.beta2);
    System.arraycopy(first, 0, m, at, count);
    System.arraycopy(second, 0, v, at, count);
    float scale = (float) (1 / (1 - StrictMath.pow(rule.beta1, (double) steps)));
    float inverse = (float) (1 / (1 - StrictMath.pow(rule.beta2, (double) steps)));
    direct(first, second, count, scale, inverse, u);
  }

  private static void mix(float[] u, float[] m, float[] v, int count, float beta1, float beta2) {
    for (int i = 0; i < count; i++) {
      m[i] = beta1 * m[i] + (1 - beta1) * u[i];
      v[i] = beta2 * v[i] + (1 - beta2) * (u[i] * u[i]);
    }
  }

  private static void direct(
      float[] m, float[] v, int count, float scale, float inverse, float[] u) {
    for (int i = 0; i < count; i++) {
      u[i] = scale * m[i] / ((float) Math.sqrt(inverse * v[i]) + EPSILON);
    }
  }

  @Override
  public MemorySegment values() {
    return MemorySegment.ofArray(direction);
  }

  @Override
  public double remembered() {
    return rule.beta1;
  }

  @Override
  public boolean containsWeights() {
    return false;
  }

  @Override
  public Map<String, float[]> memory() {
    return direction.length == 0
        ? Map.of(FIRST, m, SECOND, v)
        : Map.of(FIRST, m, SECOND, v, DIRECTION, direction);
  }

  @Override
  public void resume(long done) {
    steps = done;
  }
}
