package io.dlion.cluster.local;

import io.dlion.core.WorkerId;
import java.util.Map;

/**
 * Speeds of the links between workers of one process.
 *
 * @param defaultBytesPerSecond of every link that has none of its own; infinite for no limit
 * @param bytesPerSecond of single directed links
 */
public record LinkRates(double defaultBytesPerSecond, Map<Pair, Double> bytesPerSecond) {
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

  double of(WorkerId from, WorkerId to) {
    return bytesPerSecond.getOrDefault(new Pair(from, to), defaultBytesPerSecond);
  }
}
