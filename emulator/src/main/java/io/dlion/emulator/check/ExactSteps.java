package io.dlion.emulator.check;

import io.dlion.core.report.Report;
import io.dlion.core.strategy.Strategy;
import io.dlion.emulator.check.witness.ReferenceOptimizer;

/**
 * Steps on weighted gradients: {@code w ← w − η·direction(Σ)}. Those during which the global batch
 * has changed are not known, nor are those after whole weights were taken over.
 */
final class ExactSteps extends StepModel {
  private static final double TOLERANCE = 1e-5;

  private final Strategy strategy;
  private final ReferenceOptimizer optimizer;
  private int global = -1;

  ExactSteps(View view, DueGradients due, Strategy strategy) {
    super(view, due);
    this.strategy = strategy;
    this.optimizer = new ReferenceOptimizer(strategy.descent().optimizer(), own.length);
    optimizer.correct(view.node);
    optimizer.resume(view.iteration);
  }

  @Override
  void replaced(float[] memory, long iterations) {
    optimizer.replaced(memory);
    optimizer.resume(iterations);
  }

  @Override
  Judgement stepped(Report.Iteration r) {
    boolean alike = strategy.keepsReplicasAlike();
    boolean alone = !strategy.exchange().exchangesGradients();
    double[] sum = new double[own.length];
    due.take(r.iteration(), sum);
    double ofSample = 1.0 / (alone ? r.batchSize() : r.globalBatchSize());
    double weight = alike ? ofSample : 1;
    double share = r.batchSize() * (alike ? 1 : ofSample);
    double[] ownPart = optimizer.sent(own, share, strategy.descent().atSender());
    for (int i = 0; i < sum.length; i++) {
      sum[i] = (sum[i] + ownPart[i]) * weight;
    }
    float[] before = weights;
    weights = floats(view.replica.weights());
    double[] expected = optimizer.step(before, sum, strategy.descent().atSender());
    boolean sure = !unsure && !view.comesLate && global == r.globalBatchSize();
    if (!sure) {
      optimizer.correct(view.node);
    }
    global = r.globalBatchSize();
    unsure = false;
    return sure ? compare(expected, weights, TOLERANCE) : Judgement.UNKNOWN;
  }
}
