package io.dlion.emulator.check.witness;

import io.dlion.core.WorkerId;
import io.dlion.core.node.Action;
import io.dlion.core.node.Event;
import io.dlion.core.node.Node;
import io.dlion.core.node.Replica;

/**
 * What is seen of a worker, gathered from what its node was told and what it said, by other code
 * than its own. One for each life of a worker; each family adds to it what its nodes can know.
 */
public abstract class Witnessed {
  public final WorkerId id;
  public final Node node;
  public final Replica replica;
  public final long bornNanos;

  /** Iteration under way: the one after the last that it reported; kept by the family. */
  public long iteration;

  public boolean started;
  public boolean computing;
  public boolean finished;

  /** Whether it came to a run under way. */
  public boolean comesLate;

  /** A worker that has been told nothing so far. */
  protected Witnessed(WorkerId id, Node node, Replica replica, long iteration, long bornNanos) {
    this.id = id;
    this.node = node;
    this.replica = replica;
    this.iteration = iteration;
    this.bornNanos = bornNanos;
  }

  /** An event is about to be given to the node. */
  protected void told(Event event) {
    switch (event) {
      case Event.Started _ -> started = true;
      case Event.Joined _ -> {
        started = true;
        comesLate = true;
      }
      case Event.Computed _ -> computing = false;
      default -> {}
    }
  }

  /** The node has answered. */
  protected void answered(Action action) {
    switch (action) {
      case Action.Compute _ -> computing = true;
      case Action.Finish _ -> finished = true;
      default -> {}
    }
  }

  /** Of how many others it has messages. */
  protected abstract int others();
}
