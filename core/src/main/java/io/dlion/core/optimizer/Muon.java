package io.dlion.core.optimizer;

import io.dlion.core.kernel.Blocks;
import io.dlion.core.kernel.Part;
import io.dlion.core.layout.ParameterLayout;
import io.dlion.core.layout.Variable;
import io.dlion.core.settings.Options;
import io.dlion.core.settings.Settings;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Muon (Jordan et al. '24): the momentum of a matrix is replaced by the nearest orthogonal matrix
 * ({@link NewtonSchulz}), so that a step is as large in every direction,
 *
 * <pre>
 *   m ← μ·m + (1 − μ)·u
 *   w ← w − η·0.2·√max(r, c)·orthogonal((1 − μ)·u + μ·m) − η·d·w</pre>
 *
 * The factor {@code 0.2·√max(r, c)} of a matrix of r rows and c columns makes its steps as large as
 * those of AdamW, whose learning rate therefore fits (Liu et al. '25, "Muon is scalable for LLM
 * training", section 2.2). Variables of more than two dimensions are matrices of their first one.
 * Vectors and embeddings, whose rows are seldom used together, are left to {@link AdamW}. Not
 * thread safe.
 */
public final class Muon implements Optimizer, SenderOptimizer {
  private static final float ROOT_MEAN_SQUARE = 0.2f;

  private final Rule rule;
  private final boolean sends;
  private final ParameterLayout layout;
  private final AdamW others;
  private final float[] m;
  private final float[] direction;
  private final float[] block = new float[Blocks.BLOCK];
  private final Map<String, NewtonSchulz> shapes = new HashMap<>();

  /**
   * The optimizer {@code muon}.
   *
   * @param momentum μ
   * @param others what vectors and embeddings are left to; its η and d are those of matrices, too
   */
  public record Rule(double momentum, AdamW.Rule others) implements OptimizerRule {
    static Rule of(Settings settings) {
      return new Rule(
          settings.number("optimizer.momentum"),
          new AdamW.Rule(
              OptimizerRule.learningRate(settings, Options.ADAPTIVE_LEARNING_RATE),
              settings.number("optimizer.beta1"),
              settings.number("optimizer.beta2"),
              OptimizerRule.weightDecay(settings, Options.DECOUPLED_WEIGHT_DECAY)));
    }

    @Override
    public double learningRate() {
      return others.learningRate();
    }

    @Override
    public OptimizerRule scaled(double factor) {
      return new Rule(
          momentum,
          new AdamW.Rule(
              others.learningRate() * factor,
              others.beta1(),
              others.beta2(),
              others.weightDecay()));
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
      return new Muon(layout, this, false);
    }

    @Override
    public SenderOptimizer atSender(ParameterLayout layout) {
      return new Muon(layout, this, true);
    }

    @Override
    public Optimizer behindSenders(ParameterLayout layout) {
      return others.behindSenders(layout);
    }
  }

  /**
   * An optimizer at rest.
   *
   * @param sends whether it is a sender's, and keeps directions
   */
  Muon(ParameterLayout layout, Rule rule, boolean sends) {
    this.rule = rule;
    this.sends = sends;
    this.layout = layout;
    this.others = new AdamW(layout.size(), rule.others, false);
    this.m = others.firstMoment();
    this.direction = new float[layout.size()];
  }

  private static boolean isMatrix(Variable v) {
    return rows(v) > 1 && columns(v) > 1 && !v.name().contains("embed");
  }

  private static int rows(Variable v) {
    return v.shape().isEmpty() ? 1 : Math.toIntExact(v.shape().getFirst());
  }

  private static int columns(Variable v) {
    return v.count() / rows(v);
  }

  @Override
  public void step(List<Part> update, MemorySegment weights, Rates rates) {
    for (int at = 0; at < direction.length; at += Blocks.BLOCK) {
      int count = Math.min(Blocks.BLOCK, direction.length - at);
      Arrays.fill(block, 0, count, 0f);
      for (Part part : update) {
        part.addTo(at, count, block);
      }
      System.arraycopy(block, 0, direction, at, count);
    }
    turn();
    float rate = (float) (rule.learningRate() * rates.update());
    float kept = (float) (1 - rule.learningRate() * rates.decay() * rule.others.weightDecay());
    float[] w = new float[Blocks.BLOCK];
    for (int at = 0; at < direction.length; at += Blocks.BLOCK) {
      int count = Math.min(Blocks.BLOCK, direction.length - at);
      Blocks.read(weights, at, count, w);
      System.arraycopy(direction, at, block, 0, count);
      Blocks.scale(w, count, kept);
      Blocks.addScaled(block, count, -rate, w);
      Blocks.write(w, count, weights, at);
    }
  }

  @Override
  public void take(MemorySegment gradient, float weight) {
    MemorySegment.ofArray(direction).copyFrom(gradient);
    turn();
    Blocks.scale(direction, direction.length, weight);
  }

  /** Makes a direction of what lies in {@link #direction}. */
  private void turn() {
    others.begin();
    for (Variable v : layout.variables()) {
      if (isMatrix(v)) {
        matrix(v);
      } else {
        others.turn(direction, v.offset(), v.end());
      }
    }
  }

  private void matrix(Variable v) {
    float momentum = (float) rule.momentum;
    for (int i = v.offset(); i < v.end(); i++) {
      m[i] = momentum * m[i] + (1 - momentum) * direction[i];
      direction[i] = (1 - momentum) * direction[i] + momentum * m[i];
    }
    int rows = rows(v);
    int columns = columns(v);
    shapes
        .computeIfAbsent(rows + "x" + columns, s -> new NewtonSchulz(rows, columns))
        .orthogonalise(
            direction, v.offset(), ROOT_MEAN_SQUARE * (float) Math.sqrt(Math.max(rows, columns)));
  }

  @Override
  public MemorySegment values() {
    return MemorySegment.ofArray(direction);
  }

  @Override
  public double remembered() {
    return rule.momentum;
  }

  @Override
  public boolean containsWeights() {
    return false;
  }

  @Override
  public Map<String, float[]> memory() {
    Map<String, float[]> memory = new HashMap<>(others.memory());
    if (sends) {
      memory.put(AdamW.DIRECTION, direction);
    }
    return memory;
  }

  @Override
  public void resume(long steps) {
    others.resume(steps);
  }
}
