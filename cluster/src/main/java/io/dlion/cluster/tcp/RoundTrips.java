package io.dlion.cluster.tcp;

import io.dlion.core.WorkerId;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Round trips of small messages, smoothed as TCP does (RFC 6298: an eighth of each new one). Safe
 * for several threads.
 */
final class RoundTrips {
  private static final double NEW_SHARE = 0.125;

  private final Map<WorkerId, Double> nanos = new ConcurrentHashMap<>();

  /** A message and its answer took that long. */
  void add(WorkerId peer, long tookNanos) {
    nanos.merge(peer, (double) tookNanos, (before, now) -> before + NEW_SHARE * (now - before));
  }

  /** The round trip to a peer in nanoseconds; 0 where it is not known. */
  double nanos(WorkerId peer) {
    return nanos.getOrDefault(peer, 0.0);
  }

  /** Forgets those who are no members. */
  void retain(Set<WorkerId> members) {
    nanos.keySet().retainAll(members);
  }
}
