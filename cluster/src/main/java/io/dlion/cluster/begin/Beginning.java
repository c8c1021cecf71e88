package io.dlion.cluster.begin;

import io.dlion.cluster.group.Start;
import io.dlion.core.WorkerId;
import io.dlion.core.node.Event;
import java.util.Collection;
import java.util.Set;

/** How a worker begins. */
public sealed interface Beginning {
  /** The beginning of the run itself. */
  Start start();

  /** How the data of all is encoded. */
  String encoding();

  /** How long the run has taken, in nanoseconds. */
  long elapsedNanos();

  /** The first thing that the node is told. */
  Event first(long nowNanos);

  /** For people. */
  String description();

  /** Takes part from the first iteration. */
  record Together(Start start, String encoding) implements Beginning {
    @Override
    public long elapsedNanos() {
      return start.elapsedNanos();
    }

    @Override
    public Event first(long nowNanos) {
      return new Event.Started(nowNanos, start.members().keySet());
    }

    @Override
    public String description() {
      return "training begins with " + names(start.members().keySet());
    }
  }

  /**
   * Comes to a run that is under way.
   *
   * @param start of that run
   * @param elapsedNanos how long it has taken
   * @param training who trains
   */
  record Late(Start start, String encoding, long elapsedNanos, Set<WorkerId> training)
      implements Beginning {
    @Override
    public Event first(long nowNanos) {
      return new Event.Joined(nowNanos, training);
    }

    @Override
    public String description() {
      return "comes to a run that is under way; training: "
          + names(training.stream().sorted().toList());
    }
  }

  private static String names(Collection<WorkerId> workers) {
    return String.join(", ", workers.stream().map(WorkerId::name).toList());
  }
}
