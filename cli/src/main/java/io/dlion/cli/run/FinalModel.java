package io.dlion.cli.run;

import io.dlion.cluster.settle.ReplicaMerger;
import io.dlion.core.WorkerId;
import io.dlion.core.kernel.Blocks;
import io.dlion.core.kernel.BufferMerge;
import io.dlion.core.learn.Examples;
import io.dlion.core.learn.Learner;
import io.dlion.core.node.Rank;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Makes one model of the workers' replicas: their mean where it fits the training data at least as
 * well as any single replica (it nearly always does where gradients were exchanged), else the best
 * replica. With a server the model is the server's, since only replicas of the highest precedence
 * count. Judged by the loss on a sample of the training data; the test set has no say in that.
 * Needs memory for two replicas, however many there are. Confined to one thread.
 */
final class FinalModel implements ReplicaMerger {
  private final Learner learner;
  private final Examples sample;
  private final ModelChoice choice;
  private final float[] weightSums;
  private BufferMerge buffers;
  private final MemorySegment bestWeights;
  private final MemorySegment bestBuffers;
  private int replicas;
  private @Nullable WorkerId best;
  private double least;
  private long highest = Long.MIN_VALUE;

  /**
   * Has seen no replica.
   *
   * @param learner judges, and holds the model at last
   * @param sample of the training data
   * @param choice between this model and a better one of an earlier time
   */
  FinalModel(Learner learner, Examples sample, ModelChoice choice) {
    this.choice = choice;
    this.learner = learner;
    this.sample = sample;
    weightSums = new float[learner.parameters().size()];
    buffers = new BufferMerge(learner.bufferLayout());
    bestWeights = Arena.ofAuto().allocate(learner.weights().byteSize(), 64);
    bestBuffers = Arena.ofAuto().allocate(learner.buffers().byteSize(), 64);
  }

  @Override
  public void add(WorkerId worker, long precedence, MemorySegment weights, MemorySegment buffers) {
    if (best != null && precedence < highest) {
      return;
    }
    load(weights, buffers);
    if (!isFinite()) {
      return; // nothing of it is to spread
    }
    if (precedence > highest) {
      forget();
      highest = precedence;
    }
    Blocks.addScaled(learner.weights(), 1, weightSums);
    this.buffers.add(learner.buffers());
    replicas++;
    double loss = loss();
    if (best == null || loss < least) {
      best = worker;
      least = Double.isNaN(loss) ? Double.POSITIVE_INFINITY : loss;
      bestWeights.copyFrom(learner.weights());
      bestBuffers.copyFrom(learner.buffers());
    }
  }

  /** Of the model in the learner; without examples to judge by, all are alike. */
  private double loss() {
    return sample.count() == 0 ? 0 : learner.evaluate(sample).loss();
  }

  /** What was added so far does not count. */
  private void forget() {
    Arrays.fill(weightSums, 0);
    this.buffers = new BufferMerge(learner.bufferLayout());
    replicas = 0;
    best = null;
  }

  private boolean isFinite() {
    return Blocks.allFinite(learner.weights(), learner.parameters().size())
        && Blocks.allFinite(learner.buffers(), learner.bufferLayout().size());
  }

  private void load(MemorySegment weights, MemorySegment buffers) {
    learner.weights().copyFrom(weights);
    learner.buffers().copyFrom(buffers);
  }

  @Override
  public String merge() {
    return choice.choose(learner, mergeReplicas());
  }

  private String mergeReplicas() {
    if (best == null) {
      return "no replica has finite values only";
    }
    if (highest > Rank.PEER.precedence()) { // as exact as it came, and copies are all the same
      load(bestWeights, bestBuffers);
      return "the server's model, from " + best;
    }
    if (replicas > 1) {
      Blocks.scale(weightSums, weightSums.length, 1f / replicas);
      load(MemorySegment.ofArray(weightSums), buffers.merged());
      if (loss() <= least) {
        return "mean of " + replicas + " replicas";
      }
    }
    load(bestWeights, bestBuffers);
    return "replica of " + best;
  }
}
