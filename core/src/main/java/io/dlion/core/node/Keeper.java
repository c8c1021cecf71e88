package io.dlion.core.node;

import io.dlion.core.learn.Evaluation;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * Keeps a copy of the best model that evaluations have found, where that is asked for. Confined to
 * its node.
 */
public final class Keeper {
  private final boolean keeps;
  private final Replica replica;
  private Optional<BestModel> best = Optional.empty();

  /** Nothing kept so far; nothing ever, unless {@code keeps}. */
  public Keeper(boolean keeps, Replica replica) {
    this.keeps = keeps;
    this.replica = replica;
  }

  /** The model that is in the replica now is the best one so far. */
  public void keep(Evaluation evaluation, long iteration, long samples) {
    if (!keeps) {
      return;
    }
    MemorySegment weights =
        best.map(BestModel::weights).orElseGet(() -> BestModel.copy(replica.weights()));
    MemorySegment buffers =
        best.map(BestModel::buffers).orElseGet(() -> BestModel.copy(replica.buffers()));
    weights.copyFrom(replica.weights());
    buffers.copyFrom(replica.buffers());
    best = Optional.of(new BestModel(evaluation, iteration, samples, weights, buffers));
  }

  /** Goes on with what a checkpoint holds. */
  public void restore(Optional<BestModel> saved) {
    best = keeps ? saved.map(BestModel::copy) : Optional.empty();
  }

  /** The best model so far, where one is kept. */
  public Optional<BestModel> best() {
    return best;
  }
}
