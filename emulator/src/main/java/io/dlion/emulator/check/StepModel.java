package io.dlion.emulator.check;

import io.dlion.core.node.Action;
import io.dlion.core.report.Report;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/**
 * Works out in double precision what the steps of one worker must make of its weights, from what it
 * computed and from what came. One for each life of a worker.
 */
abstract class StepModel {
  /** What a comparison came to. */
  enum Judgement {
    /** Not compared: something about the step is not known. */
    UNKNOWN,
    /** It is as it must be. */
    RIGHT,
    /** It is not. */
    WRONG
  }

  final View view;
  final DueGradients due;

  /** What the weights are, as far as the model knows: after the last step and merges since. */
  float[] weights;

  /** The last sound gradient. */
  float[] own;

  /** Whether something has happened since the last step that cannot be worked out. */
  boolean unsure;

  /** How far the last comparison was off. */
  double worst;

  StepModel(View view, DueGradients due) {
    this.view = view;
    this.due = due;
    this.weights = floats(view.replica.weights());
    this.own = new float[weights.length];
  }

  static float[] floats(MemorySegment some) {
    return some.toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
  }

  /** A sound gradient lies in the replica. */
  void computed() {
    own = floats(view.replica.gradient());
  }

  /** The worker has answered an event; before {@link #stepped}, if that is due. */
  void answered(List<Action> actions) {}

  /** Others' weights were merged: {@code w ← w + λ·(others − w)}. */
  void merged(float[] others, double lambda) {
    for (int i = 0; i < others.length; i++) {
      weights[i] += (float) lambda * (others[i] - weights[i]);
    }
  }

  /**
   * The weights have become a peer's, and the optimizer's memory too, if any was given.
   *
   * @param iterations that have led to them
   */
  abstract void replaced(float[] memory, long iterations);

  /** A step was taken. */
  abstract Judgement stepped(Report.Iteration r);

  /** Compares what a step must lead to with what it has led to. */
  Judgement compare(double[] expected, float[] found, double tolerance) {
    worst = 0;
    for (int i = 0; i < expected.length; i++) {
      worst = Math.max(worst, Math.abs(expected[i] - found[i]));
    }
    return worst < tolerance ? Judgement.RIGHT : Judgement.WRONG;
  }
}
