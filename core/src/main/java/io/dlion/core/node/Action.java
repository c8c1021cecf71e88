package io.dlion.core.node;

import io.dlion.core.WorkerId;
import io.dlion.core.report.Report;
import io.dlion.core.wire.Control.Reason;
import io.dlion.core.wire.Payload;

/** Everything a node can ask of its runtime, to be carried out in the order given. */
public sealed interface Action {
  /**
   * Compute a gradient into the replica and answer {@link Event.Computed}.
   *
   * @param position how many examples this worker has drawn before
   * @param samples how many to draw now
   * @param seed of anything random in the model
   * @param profiled whether the answer must tell what it waited for a processor
   * @param replayShare where examples come from a stream: share of the batch to take from those
   *     that were learned from before
   */
  record Compute(long position, int samples, long seed, boolean profiled, double replayShare)
      implements Action {
    /** Of a node that does not know where examples come from. */
    public Compute(long position, int samples, long seed, boolean profiled) {
      this(position, samples, seed, profiled, 0);
    }

    /** The same with another share to be replayed. */
    public Compute replaying(double share) {
      return new Compute(position, samples, seed, profiled, share);
    }
  }

  /**
   * Evaluate the replica on the test set and answer {@link Event.Evaluated}.
   *
   * @param whole on all of it, else on the number of examples set for evaluations during training
   */
  record Evaluate(boolean whole) implements Action {}

  /** Send a message. Several sends of one step may share a payload. */
  record Send(WorkerId to, Payload payload, Priority priority) implements Action {}

  /** The node is done with a payload it has received. */
  record Consumed(WorkerId from, Payload payload) implements Action {}

  /** Pass a report on. */
  record Tell(Report report) implements Action {}

  /** Save {@link Node#checkpoint()} before anything else changes the replica. */
  record Save() implements Action {}

  /**
   * Begin to take records from the stream. Asked for once, by nodes that learn from one.
   *
   * @param number behind the batches that {@link MarkStream} gave this number, or less, where the
   *     stream is resumed; {@link Long#MAX_VALUE}: behind all that were marked; -1: where the
   *     checkpoint says
   */
  record OpenStream(long number) implements Action {}

  /** The batches learned from so far travel to peers under this number, unless they did already. */
  record MarkStream(long number) implements Action {}

  /** Drop what is kept of the stream for replay. */
  record ForgetStream() implements Action {}

  /** This worker has finished: the last action of a node. */
  record Finish(Reason reason) implements Action {}
}
