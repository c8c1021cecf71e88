package io.dlion.emulator.run;

import io.dlion.core.WorkerId;
import io.dlion.core.node.Action;
import io.dlion.core.node.Event;
import io.dlion.core.node.Node;
import io.dlion.core.node.Replica;
import io.dlion.emulator.network.Network;
import java.util.List;
import java.util.Set;

/**
 * Sees all that passes between nodes and their surroundings, on the emulation's thread and in order
 * of virtual time; what it does not ask for, it is told in vain. It must change nothing.
 */
public interface Watch {
  /** Looks away. */
  Watch NONE = new Watch() {};

  /** The links of the run that begins. */
  default void network(Network network) {}

  /**
   * A worker has come, or come again: a new node with a replica of its own.
   *
   * @param node to look at: what it is given and answers is seen by {@link #before} and {@link
   *     #after}
   * @param iteration it begins with: that of its checkpoint, if it has one
   */
  default void born(WorkerId worker, long nowNanos, Node node, Replica replica, long iteration) {}

  /** A node is about to be given an event. */
  default void before(WorkerId worker, Event event) {}

  /** It has answered, and nothing of that is carried out yet. */
  default void after(WorkerId worker, long nowNanos, List<Action> actions) {}

  /** A worker has crashed, or left for good. */
  default void gone(WorkerId worker, long nowNanos) {}

  /** The run is over. */
  default void ended(Set<WorkerId> live, long nowNanos) {}
}
