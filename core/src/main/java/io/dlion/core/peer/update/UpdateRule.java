package io.dlion.core.peer.update;

import io.dlion.core.WorkerId;
import io.dlion.core.kernel.Part;
import io.dlion.core.wire.GradientMessage;
import io.dlion.core.wire.HeaderExtension;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a worker's own gradient and those that arrive add to a step. The plain rule adds each of
 * them with its weight. Confined to its node.
 */
public interface UpdateRule {
  /** What an own gradient counts for, to this worker and to all, above 0, at most 1. */
  double weight();

  /** What peers are told of it with each gradient. */
  HeaderExtension extension();

  /** From now on peers are neighbours, which send the gradients of all who are behind them too. */
  default void relays() {}

  /** These are the peers from now on. */
  void peers(Set<WorkerId> peers, long nowNanos);

  /**
   * A gradient of a peer has arrived.
   *
   * @param entries share of the model's entries that it carries, above 0
   * @param factor weight of what workers have sent
   * @param lagNanos how long ago it was made
   * @return adds it to the next step
   */
  GradientMessage.Taker arrived(
      WorkerId from,
      GradientMessage message,
      double entries,
      float factor,
      long nowNanos,
      long lagNanos);

  /**
   * A step is taken.
   *
   * @param own what this worker contributes to it
   * @param wholeBatch how many samples make a gradient one that can stand in for others, b_0
   * @param parts of the step, to which the rule may append
   * @return what the own values are multiplied by, besides what they count for themselves
   */
  float stepped(Own own, int wholeBatch, List<Part> parts);

  /**
   * What a worker contributes to a step.
   *
   * @param values of the layout
   * @param scale what they are multiplied by to become what is sent
   * @param batch the batch size behind them: a mean where they remember former gradients
   * @param share what they count for among all workers' gradients, {@code b_k / B}
   */
  record Own(MemorySegment values, float scale, double batch, double share) {}

  /** The weights have become others, which lack nothing. */
  void restart();

  /**
   * Adds to an update what takes back all that this rule has put into the weights in advance.
   *
   * @return whether there is anything
   */
  boolean takeBack(float[] update);

  /** What people should know since they were told last. */
  Optional<String> news();

  /** Every gradient counts when it arrives, with its weight. */
  enum Plain implements UpdateRule {
    /** The rule; it remembers nothing. */
    RULE;

    @Override
    public double weight() {
      return 1;
    }

    @Override
    public HeaderExtension extension() {
      return HeaderExtension.NONE;
    }

    @Override
    public void peers(Set<WorkerId> peers, long nowNanos) {}

    @Override
    public GradientMessage.Taker arrived(
        WorkerId from,
        GradientMessage message,
        double entries,
        float factor,
        long nowNanos,
        long lagNanos) {
      return message.scaled(factor);
    }

    @Override
    public float stepped(Own own, int wholeBatch, List<Part> parts) {
      return 0;
    }

    @Override
    public void restart() {}

    @Override
    public boolean takeBack(float[] update) {
      return false;
    }

    @Override
    public Optional<String> news() {
      return Optional.empty();
    }
  }
}
