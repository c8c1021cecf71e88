package io.dlion.emulator.check.server;

import io.dlion.core.strategy.Strategy;
import io.dlion.emulator.check.witness.ReferenceOptimizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How far a client has gone by its own steps since its last commit, in double precision; and the
 * global models that it may go on from. One for each life of a member.
 */
final class LocalWalk {
  private static final int MODELS_MAX = 64;

  private final @Nullable ReferenceOptimizer optimizer;
  final ReferenceCost cost;

  /** U: how far the steps since the last commit have led, as that subtracts it. */
  double[] distance;

  /** What rounding has kept back of commits. */
  double[] residual;

  int steps;
  long samples;
  long commits;

  /** The weights after the step in the event that is looked at, if there was one. */
  double @Nullable [] stepped;

  /** The distances of commits in the event that is looked at. */
  final List<double[]> committed = new ArrayList<>();

  /** Global models that have come to it since it went on from one, the newest last. */
  final List<Candidate> candidates = new ArrayList<>();

  /** The global model that it holds: of which term and version, as far as that is known. */
  long term;

  long version;

  /** A global model. */
  static final class Candidate {
    private final float[] weights;
    private final long term;
    private final long version;

    Candidate(float[] weights, long term, long version) {
      this.weights = weights;
      this.term = term;
      this.version = version;
    }

    float[] weights() {
      return weights;
    }

    long term() {
      return term;
    }

    long version() {
      return version;
    }
  }

  LocalWalk(Strategy strategy, int size) {
    boolean known =
        ReferenceOptimizer.knows(strategy.descent().optimizer())
            && !strategy.descent().schedule().changes();
    optimizer = known ? new ReferenceOptimizer(strategy.descent().optimizer(), size) : null;
    cost = new ReferenceCost(strategy.batching());
    distance = new double[size];
    residual = new double[size];
  }

  /** What it remembers of the optimizer is what the node does. */
  void begin(MemberView view) {
    if (optimizer != null) {
      optimizer.correct(view.node);
      optimizer.resume(view.iteration);
    }
    Map<String, String> state = view.node.checkpoint().state();
    term = Long.parseLong(state.getOrDefault("term", "0"));
    version = Long.parseLong(state.getOrDefault("version", "0"));
  }

  /** Whether what a step leads to is known. */
  boolean isJudged() {
    return optimizer != null;
  }

  /** A step; returns the weights after it. */
  double[] step(float[] before, float[] gradient, float[] found) {
    double[] after =
        optimizer == null
            ? Decoding.doubles(found)
            : optimizer.step(before, Decoding.doubles(gradient), false);
    for (int i = 0; i < after.length; i++) {
      distance[i] += before[i] - after[i];
    }
    steps++;
    return after;
  }

  /** A commit was made: the next one begins with nothing. */
  void commit() {
    committed.add(distance);
    distance = new double[distance.length];
    steps = 0;
    samples = 0;
    commits++;
  }

  /** Steps in no commit are given up. */
  void giveUp() {
    distance = new double[distance.length];
    steps = 0;
    samples = 0;
  }

  /** It goes on from a model; those that came later may still be taken. */
  void goesOnFrom(Candidate model) {
    term = model.term();
    version = model.version();
    candidates.subList(0, candidates.lastIndexOf(model) + 1).clear();
  }

  /** A model has come. */
  void offer(Candidate model) {
    candidates.add(model);
    if (candidates.size() > MODELS_MAX) {
      candidates.removeFirst();
    }
  }
}
