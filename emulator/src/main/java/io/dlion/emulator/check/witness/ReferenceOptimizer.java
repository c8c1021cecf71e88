package io.dlion.emulator.check.witness;

import io.dlion.core.node.Node;
import io.dlion.core.optimizer.AdamW;
import io.dlion.core.optimizer.Momentum;
import io.dlion.core.optimizer.OptimizerRule;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * SGD with momentum and AdamW in double precision, written down a second time: to compare with. Its
 * memory is of what a worker sends, or of what it applies.
 */
public final class ReferenceOptimizer {
  private static final double EPSILON = 1e-8;

  private final OptimizerRule rule;
  private final double[] first;
  private final double[] second;
  private long steps;

  /** Remembers nothing yet. */
  public ReferenceOptimizer(OptimizerRule rule, int size) {
    this.rule = rule;
    this.first = new double[size];
    this.second = new double[size];
  }

  /** What it remembers is of so many steps. */
  public void resume(long iterations) {
    steps = iterations;
  }

  /** Whether it knows an optimizer. */
  public static boolean knows(OptimizerRule rule) {
    return rule instanceof Momentum.Rule || rule instanceof AdamW.Rule;
  }

  /** What a worker sends of a mean gradient that counts for {@code share}. */
  public double[] sent(float[] gradient, double share, boolean optimizes) {
    double[] sent = new double[gradient.length];
    for (int i = 0; i < sent.length; i++) {
      sent[i] = gradient[i];
    }
    double factor = share;
    if (optimizes && rule instanceof Momentum.Rule sgd) {
      for (int i = 0; i < sent.length; i++) {
        first[i] = sgd.momentum() * first[i] + share * sent[i];
        sent[i] = first[i];
      }
      return sent;
    }
    double[] values = optimizes ? direction(sent) : sent;
    for (int i = 0; i < values.length; i++) {
      values[i] *= factor;
    }
    return values;
  }

  /** What a step on an update makes of weights. */
  public double[] step(float[] weights, double[] update, boolean optimized) {
    double rate = rule.learningRate();
    double[] after = new double[weights.length];
    double[] moved = optimized ? update : moved(weights, update);
    double decay = decay(optimized);
    for (int i = 0; i < after.length; i++) {
      after[i] = weights[i] - rate * (moved[i] + decay * weights[i]);
    }
    return after;
  }

  /** What weight decay adds to the direction of a step, for each weight. */
  public double decay(boolean optimized) {
    return switch (rule) {
      case Momentum.Rule sgd when optimized -> sgd.weightDecay() / (1 - sgd.momentum());
      case AdamW.Rule adam -> adam.weightDecay();
      default -> 0; // it is part of the direction
    };
  }

  private double[] moved(float[] weights, double[] update) {
    if (!(rule instanceof Momentum.Rule sgd)) {
      return direction(update);
    }
    for (int i = 0; i < update.length; i++) {
      first[i] = sgd.momentum() * first[i] + update[i] + sgd.weightDecay() * weights[i];
    }
    return first.clone();
  }

  private double[] direction(double[] update) {
    AdamW.Rule adam = (AdamW.Rule) rule;
    steps++;
    double[] direction = new double[update.length];
    for (int i = 0; i < update.length; i++) {
      first[i] = adam.beta1() * first[i] + (1 - adam.beta1()) * update[i];
      second[i] = adam.beta2() * second[i] + (1 - adam.beta2()) * update[i] * update[i];
      double mean = first[i] / (1 - Math.pow(adam.beta1(), (double) steps));
      double square = second[i] / (1 - Math.pow(adam.beta2(), (double) steps));
      direction[i] = mean / (Math.sqrt(square) + EPSILON);
    }
    return direction;
  }

  /** The memory is a peer's now, or at rest. */
  public void replaced(float[] memory) {
    for (int i = 0; i < first.length; i++) {
      first[i] = memory.length == 0 ? 0 : memory[i];
      second[i] = memory.length < 2 * first.length ? 0 : memory[first.length + i];
    }
  }

  /** A step was not known: what really was applied is what goes on. */
  public void correct(Node node) {
    Map<String, MemorySegment> memory = node.checkpoint().memories();
    copy(memory.get("velocity"), first);
    copy(memory.get("sent-velocity"), first);
    copy(memory.get("first-moment"), first);
    copy(memory.get("second-moment"), second);
  }

  private static void copy(@Nullable MemorySegment from, double[] to) {
    if (from != null && from.byteSize() > 0) {
      float[] values = from.toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
      for (int i = 0; i < to.length; i++) {
        to[i] = values[i];
      }
    }
  }
}
