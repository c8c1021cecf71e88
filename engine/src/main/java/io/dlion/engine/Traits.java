package io.dlion.engine;

import java.util.Set;

/**
 * What a module needs of those who train it.
 *
 * @param contiguous whether images must lie channel by channel, as in Python: the module looks at
 *     the memory of a tensor ({@code view}), and the channels-last layout, in which convolutions
 *     are faster, makes it fail or answer otherwise
 * @param minimumBatch the least batch it can learn from: 2 where it normalises over the batch
 * @param changing names of the buffers that training changes
 * @param replaced names of those in whose place it puts new tensors, instead of writing into them
 * @param drawsRandomNumbers whether it draws random numbers in training mode (dropout)
 */
record Traits(
    boolean contiguous,
    int minimumBatch,
    Set<String> changing,
    Set<String> replaced,
    boolean drawsRandomNumbers) {
  /** Whether it answers otherwise in training than in evaluation. */
  boolean differsInTraining() {
    return drawsRandomNumbers || minimumBatch > 1 || !changing.isEmpty();
  }

  Traits {
    changing = Set.copyOf(changing);
    replaced = Set.copyOf(replaced);
  }
}
