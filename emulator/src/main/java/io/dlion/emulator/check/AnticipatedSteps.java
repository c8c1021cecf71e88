package io.dlion.emulator.check;

import io.dlion.core.node.Checkpoint;
import io.dlion.core.optimizer.Momentum;
import io.dlion.core.optimizer.OptimizerRule;
import io.dlion.core.report.Report;
import io.dlion.emulator.check.witness.ReferenceOptimizer;
import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * Steps that anticipate what peers will send. What plain exchange makes of the same gradients is
 * worked out beside them; and when what has been anticipated is taken back, as it is for every
 * checkpoint, the replica must be that, entry by entry. So nothing of what is anticipated may stay
 * or be taken back twice, whichever peers have sent, gone or come meanwhile. Compared at every
 * {@value #EVERY}th step: whatever is wrong stays.
 *
 * <p>What the worker contributes is read from the memory of its optimizer. A velocity must each
 * time have moved by its gradient, times one number, and nothing else.
 */
final class AnticipatedSteps extends StepModel {
  private static final double TOLERANCE = 3e-5;
  private static final double DIRECTION_TOLERANCE = 1e-4;
  private static final int EVERY = 8;

  private final OptimizerRule rule;
  private final ReferenceOptimizer optimizer;
  private final MemorySegment sent;
  private float[] sentBefore;
  private double[] plain;
  private int computed;
  private int steps;

  AnticipatedSteps(View view, DueGradients due, OptimizerRule rule) {
    super(view, due);
    this.rule = rule;
    this.optimizer = new ReferenceOptimizer(rule, own.length);
    Checkpoint now = view.node.checkpoint();
    String name = rule instanceof Momentum.Rule ? "sent-velocity" : "sent-direction";
    this.sent = Objects.requireNonNull(now.memories().get(name)); // live memory
    this.sentBefore = floats(sent);
    this.plain = doubles(floats(now.weights()));
  }

  private static double[] doubles(float[] values) {
    double[] all = new double[values.length];
    for (int i = 0; i < all.length; i++) {
      all[i] = values[i];
    }
    return all;
  }

  @Override
  void computed() {
    super.computed();
    computed++;
  }

  @Override
  void merged(float[] others, double lambda) {
    for (int i = 0; i < others.length; i++) {
      plain[i] += lambda * (others[i] - weights[i]);
    }
    super.merged(others, lambda);
  }

  @Override
  void replaced(float[] memory, long iterations) {
    sentBefore = floats(sent);
    unsure = true;
  }

  @Override
  Judgement stepped(Report.Iteration r) {
    double[] sum = new double[own.length];
    due.take(r.iteration(), sum);
    float[] now = floats(sent);
    double decay = optimizer.decay(true);
    for (int i = 0; i < sum.length; i++) {
      plain[i] -= rule.learningRate() * (sum[i] + now[i] + decay * weights[i]);
    }
    boolean follows =
        computed != 1 || !(rule instanceof Momentum.Rule sgd) || followsTheGradient(now, sgd);
    sentBefore = now;
    computed = 0;
    weights = floats(view.replica.weights());
    steps++;
    if (!unsure && !follows) {
      return Judgement.WRONG;
    }
    if (!unsure && steps % EVERY != 0) {
      return Judgement.RIGHT; // so far: the next comparison tells
    }
    float[] settled = floats(view.node.checkpoint().weights());
    Judgement judgement = unsure ? Judgement.UNKNOWN : compare(plain, settled, TOLERANCE);
    plain = doubles(settled);
    unsure = false;
    return judgement;
  }

  /** Whether {@code v − μ·v_before} is the gradient, times a number. */
  private boolean followsTheGradient(float[] now, Momentum.Rule sgd) {
    double product = 0;
    double square = 0;
    for (int i = 0; i < now.length; i++) {
      product += (now[i] - sgd.momentum() * sentBefore[i]) * own[i];
      square += (double) own[i] * own[i];
    }
    double share = square == 0 ? 0 : product / square;
    worst = 0;
    for (int i = 0; i < now.length; i++) {
      double moved = now[i] - sgd.momentum() * sentBefore[i];
      worst = Math.max(worst, Math.abs(moved - share * own[i]));
    }
    return worst < DIRECTION_TOLERANCE && share > -DIRECTION_TOLERANCE;
  }
}
