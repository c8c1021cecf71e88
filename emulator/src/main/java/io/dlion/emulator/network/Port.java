package io.dlion.emulator.network;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongToDoubleFunction;

/**
 * What links share: one direction of a worker's access link or LAN port, or the way of a single
 * link that is narrower than its ends.
 */
final class Port {
  /** The links that carry something through here at present. */
  final List<Link> links = new ArrayList<>();

  private final LongToDoubleFunction bytesPerSecondAt;
  private double capacity;

  Port(LongToDoubleFunction bytesPerSecondAt, long nowNanos) {
    this.bytesPerSecondAt = bytesPerSecondAt;
    refresh(nowNanos);
  }

  /** Bytes per second. */
  double capacity() {
    return capacity;
  }

  /** Looks up what it carries from now on. */
  void refresh(long nowNanos) {
    capacity = bytesPerSecondAt.applyAsDouble(nowNanos);
  }

  // The rest is MaxMin's, while it works.

  /** Where MaxMin keeps this port's fair share. */
  int slot;

  /** Capacity that no link has been given yet. */
  double free;

  /** Links that have not been given their rate yet. */
  int open;
}
