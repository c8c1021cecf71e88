package io.dlion.core.learn;

import io.dlion.core.layout.ParameterLayout;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * One model replica as a node sees it: flat weights, flat gradient, and the two things an engine
 * does with them. In effect a function of (weights, buffers, batch, seed): it keeps no other state
 * between calls, so one learner can serve many emulated workers by turns.
 *
 * <p>The segments are float32 in native byte order, owned by the learner, at fixed addresses until
 * {@link #close()}. Whoever changes weights must not do so while a call of this learner is running.
 *
 * <p>Not thread safe: confined to one thread at a time, whose visibility the caller guarantees.
 */
public interface Learner extends AutoCloseable {
  /** Layout of {@link #weights()} and {@link #gradient()}. */
  ParameterLayout parameters();

  /**
   * Layout of {@link #buffers()}: values that a model keeps but does not learn, such as batch-norm
   * statistics.
   */
  ParameterLayout bufferLayout();

  /** The weights, {@code parameters().size()} floats. */
  MemorySegment weights();

  /**
   * The mean gradient of the last call of {@link #gradient}, {@code parameters().size()} floats;
   * gaps are zero.
   */
  MemorySegment gradient();

  /** Batch-norm statistics and the like, {@code bufferLayout().size()} floats; possibly empty. */
  MemorySegment buffers();

  /** The least batch that the model can learn from: 2 where it normalises over the batch. */
  default int minimumBatch() {
    return 1;
  }

  /**
   * Computes the loss and the gradient of a batch, forward and backward, in training mode.
   *
   * @param examples where the batch comes from; its shape must be the model's
   * @param rows which examples, the first {@code size} of this array
   * @param size local batch size, at least {@link #minimumBatch}
   * @param seed of anything random inside the model (dropout)
   * @return the mean loss over the batch; NaN or infinite where the model has diverged, never an
   *     exception for that
   */
  double gradient(Examples examples, int[] rows, int size, long seed);

  /**
   * The same, and how the first examples of the batch were predicted before it was learned from, in
   * evaluation mode.
   *
   * @param fresh how many of {@code rows}, the first ones, are to be scored
   */
  default ScoredLoss gradient(Examples examples, int[] rows, int size, long seed, int fresh) {
    Score score = Score.NONE;
    if (fresh > 0) {
      Evaluation found = evaluate(new Subset(examples, Arrays.copyOf(rows, fresh)));
      boolean share = examples.shape().kind() != ExampleShape.Kind.REGRESSION;
      score = Score.of(fresh, found.loss(), share ? found.accuracy() : Double.NaN);
    }
    return new ScoredLoss(gradient(examples, rows, size, seed), score);
  }

  /**
   * What a batch came to.
   *
   * @param loss mean loss over it
   * @param score of the predictions that were to be scored
   */
  record ScoredLoss(double loss, Score score) {}

  /**
   * Loss and accuracy over all the examples, in evaluation mode; weights, gradient and buffers stay
   * as they are.
   */
  Evaluation evaluate(Examples examples);

  @Override
  void close();
}
