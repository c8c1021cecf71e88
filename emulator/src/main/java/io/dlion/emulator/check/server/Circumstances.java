package io.dlion.emulator.check.server;

import io.dlion.core.WorkerId;
import java.util.List;
import java.util.Optional;

/**
 * What goes wrong in a run and when, as far as checkers must know to be fair.
 *
 * @param quietNanos when the last fault is over
 * @param patienceNanos the most that may pass from then to the end of a local step, and from one to
 *     the next, of a client that nobody keeps waiting
 * @param disturbances when something goes wrong
 * @param overNanos when the time of the run is over; {@link Long#MAX_VALUE}: never
 * @param withoutData who has no examples, if anybody
 */
public record Circumstances(
    long quietNanos,
    long patienceNanos,
    List<Disturbance> disturbances,
    long overNanos,
    Optional<WorkerId> withoutData) {
  /** Copies the list. */
  public Circumstances {
    disturbances = List.copyOf(disturbances);
  }

  /** When something goes wrong. */
  public record Disturbance(long fromNanos, long untilNanos) {}

  /** Whether nothing goes wrong after one time and before another. */
  boolean isCalm(long fromNanos, long untilNanos) {
    return disturbances.stream()
        .noneMatch(d -> d.fromNanos < untilNanos && d.untilNanos > fromNanos);
  }

  /** Whether a worker has data. */
  boolean hasData(WorkerId worker) {
    return !withoutData.equals(Optional.of(worker));
  }
}
