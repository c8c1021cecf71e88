package io.dlion.cluster.local;

import io.dlion.core.WorkerId;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;

/**
 * Speeds of the links between workers of one process.
 *
 * @param defaultBytesPerSecond of every link that has none of its own; infinite for no limit
 * @param bytesPerSecond of single directed links
 */
public record LinkRates(double defaultBytesPerSecond, Map<Pair, Double> bytesPerSecond) {
  private static final double NO_LIMIT = 1e10;

  /** A directed link. */
  public record Pair(WorkerId from, WorkerId to) {}

  /** Copies the map. */
  public LinkRates {
    bytesPerSecond = Map.copyOf(bytesPerSecond);
  }

  /** No limits. */
  public static LinkRates unlimited() {
    return new LinkRates(Double.POSITIVE_INFINITY, Map.of());
  }

  /** What a worker's lines to others carry; those without a limit count as {@value #NO_LIMIT}. */
  Map<WorkerId, Double> from(WorkerId worker, Collection<WorkerId> all) {
    Map<WorkerId, Double> lines = new TreeMap<>();
    all.forEach(peer -> lines.put(peer, Math.min(NO_LIMIT, of(worker, peer))));
    lines.remove(worker);
    return lines;
  }

  double of(WorkerId from, WorkerId to) {
    return bytesPerSecond.getOrDefault(new Pair(from, to), defaultBytesPerSecond);
  }
}
