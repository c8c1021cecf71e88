package io.dlion.core.learn;

import java.lang.foreign.MemorySegment;

/**
 * A set of labelled examples that a learner can draw batches from: a whole data set, a worker's
 * share of one, or a test set. Implementations are immutable and safe for use by several threads.
 */
public interface Examples {
  /** Number of examples. */
  int count();

  /** What each of them looks like. */
  ExampleShape shape();

  /**
   * Copies a batch: row {@code rows[i]} becomes input and target number {@code i}, in native byte
   * order and the element types and order that {@link ExampleShape.Kind} names. Inputs are
   * normalised.
   *
   * @param rows indices in {@code [0, count())}
   * @param size how many of {@code rows} to copy
   * @param inputs at least {@code size · inputElements · inputElementBytes} bytes
   * @param targets at least {@code size · targetElements · targetElementBytes} bytes
   */
  void copy(int[] rows, int size, MemorySegment inputs, MemorySegment targets);

  /**
   * The class of an example, for partitioning by label and for counting; -1 where the task has no
   * classes.
   */
  int label(int row);
}
