package io.dlion.cluster.group;

import io.dlion.core.WorkerId;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/**
 * The beginning of a run, decided by the one who has been there longest: who takes part from the
 * first iteration. Whoever is not in it, or is but has been restarted since, comes to a run that is
 * under way.
 *
 * @param members the workers and their incarnations
 * @param trainingExamples D, over these workers
 * @param elapsedNanos how long the run took before it was interrupted; 0 for a new one
 */
public record Start(Map<WorkerId, UUID> members, long trainingExamples, long elapsedNanos) {
  /** Copies the members into their order. */
  public Start {
    members = Collections.unmodifiableMap(new TreeMap<>(members));
  }

  /** Whether this incarnation of a worker takes part from the beginning. */
  public boolean includes(Hello worker) {
    return worker.incarnation().equals(members.get(worker.name()));
  }
}
