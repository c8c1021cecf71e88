package io.dlion.monitor.comparison.trace;

import java.util.List;
import java.util.Optional;

/**
 * What the server of a run did. Immutable.
 *
 * @param periods whether clients commit by check periods, so that the target is a number of commits
 *     a period; else it is a number of steps between two commits
 * @param points whenever server, target or search had changed, and the last one; times ascending
 */
public record ServerTrace(boolean periods, List<ServerPoint> points) {
  /** Of a run without a server. */
  public static final ServerTrace NONE = new ServerTrace(false, List.of());

  /** Copies the list. */
  public ServerTrace {
    points = List.copyOf(points);
  }

  /** How it stood at the end; empty where there was no server. */
  public Optional<ServerPoint> last() {
    return points.isEmpty() ? Optional.empty() : Optional.of(points.getLast());
  }

  /** Whether its method set a target at any time. */
  public boolean hasTarget() {
    return points.stream().anyMatch(p -> p.commitTarget() > 0);
  }
}
