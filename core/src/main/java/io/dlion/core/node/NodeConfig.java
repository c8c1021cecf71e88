package io.dlion.core.node;

import io.dlion.core.WorkerId;
import io.dlion.core.settings.Goal;
import io.dlion.core.strategy.Strategy;
import java.util.Map;

/**
 * What a node is told once.
 *
 * @param self its id
 * @param strategy the rules of the run
 * @param trainingExamples D, over all workers
 * @param examples training examples of this worker; 0: it only serves
 * @param goal when the run is over
 * @param seed of the run
 * @param evaluates whether there is a test set
 * @param keepsBest whether a copy of the best model that evaluations find is kept
 * @param sites the site of each worker, for hierarchical topologies; empty where all are at one
 * @param networked whether messages cross a network, which costs a processor more than handing them
 *     over in memory
 * @param minimumBatch the least local batch that the model can learn from, in samples
 * @param streams whether this worker learns from a stream
 * @param steering what something around the node asks of its steps
 */
public record NodeConfig(
    WorkerId self,
    Strategy strategy,
    long trainingExamples,
    long examples,
    Goal goal,
    long seed,
    boolean evaluates,
    boolean keepsBest,
    Map<WorkerId, String> sites,
    boolean networked,
    int minimumBatch,
    boolean streams,
    Steering steering) {
  /** Copies the sites. */
  public NodeConfig {
    sites = Map.copyOf(sites);
  }

  /** What a node is told that learns from examples in memory. */
  public NodeConfig(
      WorkerId self,
      Strategy strategy,
      long trainingExamples,
      long examples,
      Goal goal,
      long seed,
      boolean evaluates,
      boolean keepsBest,
      Map<WorkerId, String> sites,
      boolean networked,
      int minimumBatch) {
    this(
        self,
        strategy,
        trainingExamples,
        examples,
        goal,
        seed,
        evaluates,
        keepsBest,
        sites,
        networked,
        minimumBatch,
        false,
        Steering.NONE);
  }

  /** The same for a node that learns from a stream. */
  public NodeConfig streaming() {
    return with(strategy.ofStream(), true, steering);
  }

  /** The same, steered by something around the node. */
  public NodeConfig with(Steering steered) {
    return with(strategy, streams, steered);
  }

  /** The same with other rules. */
  public NodeConfig with(Strategy rules) {
    return with(rules, streams, steering);
  }

  private NodeConfig with(Strategy rules, boolean learnsFromStream, Steering steered) {
    return new NodeConfig(
        self,
        rules,
        trainingExamples,
        examples,
        goal,
        seed,
        evaluates,
        keepsBest,
        sites,
        networked,
        minimumBatch,
        learnsFromStream,
        steered);
  }
}
