package io.dlion.emulator.check.witness;

import io.dlion.core.WorkerId;
import io.dlion.core.node.Action;
import io.dlion.core.node.Event;
import java.util.List;
import java.util.Map;

/**
 * One thing that must hold in every run. It sees what views and messages show, knows nothing of how
 * a node keeps its promises, and says so where one is broken.
 *
 * @param <V> what it sees of a worker
 */
public interface Checker<V extends Witnessed> {
  /** A worker has come, or come again. */
  default void born(V view) {}

  /** A node was given an event, which its view contains, and has answered nothing yet. */
  default void told(V view, Event event) {}

  /** A node has answered an event; its view contains that, too. */
  default void answered(V view, long nowNanos, List<Action> actions) {}

  /** A worker has crashed or left for good. */
  default void gone(WorkerId worker, long nowNanos) {}

  /** The run is over; these are there still. */
  default void ended(Map<WorkerId, ? extends V> live, long nowNanos) {}
}
