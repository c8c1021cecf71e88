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
   */
  record Compute(long position, int samples, long seed, boolean profiled) implements Action {}

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

  /** This worker has finished: the last action of a node. */
  record Finish(Reason reason) implements Action {}
}
