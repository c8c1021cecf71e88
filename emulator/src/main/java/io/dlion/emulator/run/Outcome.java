package io.dlion.emulator.run;

import io.dlion.core.WorkerId;
import io.dlion.core.wire.Control.Reason;
import java.util.Map;
import java.util.TreeMap;

/**
 * What came of an emulated run.
 *
 * @param virtualNanos when it ended
 * @param finished why each worker that finished by itself did so
 * @param bytesSent over each link, framing included: by sender, then by receiver
 * @param spread the greatest difference of a weight between live workers at the end
 */
public record Outcome(
    long virtualNanos,
    Map<WorkerId, Reason> finished,
    Map<WorkerId, Map<WorkerId, Long>> bytesSent,
    double spread) {
  /** Copies the maps. */
  public Outcome {
    finished = Map.copyOf(finished);
    bytesSent = new TreeMap<>(bytesSent);
  }

  /** All bytes that were sent. */
  public long totalBytesSent() {
    return bytesSent.values().stream()
        .flatMap(to -> to.values().stream())
        .mapToLong(Long::longValue)
        .sum();
  }
}
