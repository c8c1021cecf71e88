package io.dlion.emulator.check;

import io.dlion.core.node.Action;
import io.dlion.core.report.Report;
import io.dlion.core.strategy.LocalSteps;
import io.dlion.core.wire.Frame;
import io.dlion.core.wire.MalformedMessageException;
import io.dlion.core.wire.MessageType;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;

/**
 * Rounds of local steps: the mean distance of all workers, weighted by samples, moves the global
 * weights by an outer step with Nesterov momentum, and every replica becomes that. A worker's own
 * distance is what it has sent, which must be how far it went. Where workers average in pairs the
 * mean is that of what the two have sent, evenly, and moves each worker's own weights by the step
 * of {@link io.dlion.core.optimizer.PairMomentum}. A round that a worker has nobody to send to, and
 * ends at once, is not known.
 */
final class LocalRounds extends StepModel {
  private static final double TOLERANCE = 1e-5;

  private final LocalSteps rule;
  private final Gradients gradients;
  private double[] global;
  private double[] velocity;
  private Optional<double[]> contributed = Optional.empty();
  private double scale;

  LocalRounds(View view, DueGradients due, LocalSteps rule, Gradients gradients) {
    super(view, due);
    this.rule = rule;
    this.gradients = gradients;
    this.global = doubles(weights);
    this.velocity = memory();
  }

  private static double[] doubles(float[] values) {
    double[] all = new double[values.length];
    for (int i = 0; i < all.length; i++) {
      all[i] = values[i];
    }
    return all;
  }

  private double[] memory() {
    MemorySegment outer = view.node.checkpoint().memories().get("outer-velocity");
    return outer == null || outer.byteSize() == 0
        ? new double[global.length]
        : doubles(floats(outer));
  }

  @Override
  void answered(List<Action> actions) {
    for (Action action : actions) {
      if (action instanceof Action.Send a && Frame.isOf(MessageType.GRADIENT, a.payload())) {
        try {
          Gradients.Decoded sent = gradients.decode(a.payload(), view.replica.layout());
          contributed = Optional.of(doubles(sent.values()));
          scale = sent.scale();
        } catch (MalformedMessageException e) {
          throw new IllegalStateException(view.id + " sends what nobody can read", e);
        }
      }
    }
  }

  @Override
  void merged(float[] others, double lambda) {
    unsure = true;
  }

  @Override
  void replaced(float[] memory, long iterations) {
    weights = floats(view.replica.weights());
    global = doubles(weights);
    unsure = true;
  }

  @Override
  Judgement stepped(Report.Iteration r) {
    double[] sum = new double[own.length];
    double scales = due.take(r.iteration(), sum) + scale;
    float[] found = floats(view.replica.weights());
    Judgement judgement = Judgement.UNKNOWN;
    if (contributed.isPresent() && !unsure) {
      double[] mine = contributed.get();
      for (int i = 0; i < sum.length; i++) {
        double update = (sum[i] + mine[i]) / scales;
        if (rule.inPairs()) {
          double pull = rule.consensusRate().orElseThrow() * global[i];
          velocity[i] = rule.outerMomentum() * velocity[i] - update - pull;
          global[i] += velocity[i];
        } else {
          velocity[i] = rule.outerMomentum() * velocity[i] + update;
          global[i] -= rule.outerLearningRate() * (update + rule.outerMomentum() * velocity[i]);
        }
      }
      judgement = compare(global, found, TOLERANCE);
    }
    if (judgement != Judgement.RIGHT) {
      velocity = memory();
    }
    global = doubles(found);
    weights = found;
    contributed = Optional.empty();
    scale = 0;
    unsure = false;
    return judgement;
  }
}
