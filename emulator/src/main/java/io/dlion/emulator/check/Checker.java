package io.dlion.emulator.check;

import io.dlion.core.WorkerId;
import io.dlion.core.node.Action;
import io.dlion.core.node.Event;
import java.util.List;
import java.util.Map;

/**
 * One thing that must hold in every run. It sees what {@link View}s and messages show, knows
 * nothing of how a node keeps its promises, and says so where one is broken.
 */
interface Checker {
  /** A worker has come, or come again. */
  default void born(View view) {}

  /** A node was given an event, which its view contains, and has answered nothing yet. */
  default void told(View view, Event event) {}

  /** A node has answered an event; its view contains that, too. */
  default void answered(View view, long nowNanos, List<Action> actions) {}

  /** A worker has crashed or left for good. */
  default void gone(WorkerId worker, long nowNanos) {}

  /** The run is over; these are there still. */
  default void ended(Map<WorkerId, View> live, long nowNanos) {}
}
