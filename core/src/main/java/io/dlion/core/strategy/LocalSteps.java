package io.dlion.core.strategy;

import io.dlion.core.layout.Fragments;
import io.dlion.core.layout.ParameterLayout;
import io.dlion.core.optimizer.DelayedNesterov;
import io.dlion.core.optimizer.Nesterov;
import io.dlion.core.optimizer.OuterOptimizer;
import io.dlion.core.optimizer.PairMomentum;
import io.dlion.core.settings.Settings;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The rule of local steps, as the settings {@code local.*}, {@code outer.*} and {@code gossip.*}
 * say.
 *
 * @param steps gradients that a worker applies on its own between two exchanges of a parameter, H
 * @param fragments parts of the model that are exchanged by turns
 * @param overlap how many steps go on after the exchange has begun, τ
 * @param kept share of the local weights that is kept at its end, α; 0 without overlap
 * @param outerLearningRate η_o
 * @param outerMomentum of the outer optimizer
 * @param outerDelay rounds from one step of the outer momentum to the next, where workers do not
 *     wait for each other
 * @param consensusRate γ, where workers average in pairs; empty where all do together
 * @param decoupling how rounds end where workers do not wait for each other; else empty
 */
public record LocalSteps(
    int steps,
    int fragments,
    int overlap,
    float kept,
    double outerLearningRate,
    double outerMomentum,
    int outerDelay,
    OptionalDouble consensusRate,
    Optional<Decoupling> decoupling) {
  /** Reads the settings; empty if every gradient is exchanged. */
  public static Optional<LocalSteps> of(Settings settings) {
    int steps = settings.smallInteger("local.steps");
    int overlap = settings.smallInteger("local.overlap");
    return steps == 0
        ? Optional.empty()
        : Optional.of(
            new LocalSteps(
                steps,
                settings.smallInteger("local.fragments"),
                overlap,
                overlap == 0 ? 0 : (float) settings.number("local.mixing"),
                settings.number("outer.learning-rate"),
                settings.number("outer.momentum"),
                settings.smallInteger("outer.delay"),
                settings.is("gossip.pairs", "on")
                    ? OptionalDouble.of(settings.number("gossip.consensus-rate"))
                    : OptionalDouble.empty(),
                Decoupling.of(settings)));
  }

  /** Whether workers average in pairs, which are drawn anew for each round. */
  public boolean inPairs() {
    return consensusRate.isPresent();
  }

  /** Whether nobody waits for slow workers or thin links. */
  public boolean isDecoupled() {
    return decoupling.isPresent();
  }

  /** The outer optimizer for so many parameters, at rest. */
  public OuterOptimizer outer(int size) {
    if (isDecoupled()) {
      return new DelayedNesterov(size, outerLearningRate, outerMomentum, outerDelay);
    }
    return inPairs()
        ? new PairMomentum(size, outerLearningRate, outerMomentum, consensusRate.getAsDouble())
        : new Nesterov(size, outerLearningRate, outerMomentum);
  }

  /** The parts of a model that are exchanged by turns. */
  public Fragments fragments(ParameterLayout layout) {
    return new Fragments(layout, fragments);
  }

  /** Gradients that a worker computes in an iteration. */
  public int perIteration(ParameterLayout layout) {
    return Math.max(1, steps / fragments(layout).count());
  }
}
