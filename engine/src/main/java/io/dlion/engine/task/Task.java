package io.dlion.engine.task;

import io.dlion.core.learn.Evaluation;
import io.dlion.core.learn.ExampleShape;
import org.bytedeco.pytorch.Tensor;

/** Which loss belongs to a kind of example, and how predictions are scored. Stateless. */
public interface Task {
  /** The mean loss of a batch, as a scalar tensor. */
  Tensor loss(Tensor outputs, Tensor targets);

  /** The shape of a model's outputs for a batch. */
  long[] outputShape(int batchSize);

  /** An empty score. */
  Tally tally();

  /** Adds up over batches; in double, so that the order of magnitude does not matter. */
  interface Tally {
    /** Counts a batch of {@code size} examples. */
    void add(Tensor outputs, Tensor targets, int size);

    /** The score of all batches, at least one. */
    Evaluation evaluation();
  }

  /** The task of such examples, for a model that brings no loss of its own. */
  static Task of(ExampleShape shape) {
    return switch (shape.kind()) {
      case CLASSIFICATION -> new ClassTask(shape.outputs(), 0);
      case NEXT_SYMBOL -> new ClassTask(shape.outputs(), shape.targetElements());
      case REGRESSION -> new RegressionTask(shape.outputs());
    };
  }

  /** Squared hinge loss, one class against the rest: the task of a linear SVM. */
  static Task squaredHinge(int classes) {
    return new SquaredHingeTask(classes);
  }
}
