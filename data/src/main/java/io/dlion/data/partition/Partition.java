package io.dlion.data.partition;

import io.dlion.core.learn.Examples;
import java.util.List;

/**
 * How training examples are divided over workers. Every implementation gives each worker as many as
 * its share says and only differs in which. Immutable; the same arguments give the same result.
 */
public sealed interface Partition permits IidPartition, DirichletPartition, ByLabelPartition {
  /**
   * Divides examples over workers.
   *
   * @param shares what each worker gets relative to the others; positive
   * @param seed of everything random
   * @return the rows of each worker: disjoint, covering all of {@code examples}, at least one each,
   *     as many as its share says, rounded by largest remainders
   * @throws io.dlion.core.UserError where there are fewer examples than workers, or classes are
   *     needed and missing
   */
  List<int[]> divide(Examples examples, double[] shares, long seed);

  /** As {@link #parse} reads it. */
  @Override
  String toString();

  /**
   * Reads {@code iid}, {@code dirichlet(0.5)} or {@code by-label(2)}; the numbers may be left out
   * and are then 0.5 and 1.
   */
  static Partition parse(String text) {
    return PartitionSyntax.parse(text);
  }
}
