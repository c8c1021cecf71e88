package io.dlion.emulator.check;

import io.dlion.core.WorkerId;
import io.dlion.core.sync.Synchronization;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The gradients that have come to a worker in time and are part of its next steps. */
final class DueGradients {
  private static final int HELD_MAX = 2;

  private final Synchronization staleness;
  private final List<Came> due = new ArrayList<>();

  /**
   * A gradient that has come.
   *
   * @param peer what was known of its sender then: another one when that comes again; null if
   *     nothing was
   */
  private record Came(WorkerId from, View.@Nullable Peer peer, Gradients.Decoded message) {
    boolean isOf(WorkerId sender, long since) {
      return from.equals(sender) && message.iteration() >= since;
    }
  }

  DueGradients(Synchronization staleness) {
    this.staleness = staleness;
  }

  /** A sound gradient has come. */
  void came(View view, WorkerId from, Gradients.Decoded message) {
    long iteration = message.iteration();
    if (staleness.tooOld(view.iteration, iteration)) {
      return;
    }
    View.Peer peer = view.peers.get(from);
    if (staleness.ordered()) {
      long since = Math.max(view.iteration, peer == null ? 0 : peer.arrivedBefore + 1);
      if (held(from, peer, since) >= HELD_MAX || heldEver(from, view.iteration) >= 3 * HELD_MAX) {
        return;
      }
      // Who has come again computes anew what it had taken back.
      due.removeIf(c -> c.from.equals(from) && c.message.iteration() == iteration);
    }
    due.add(new Came(from, peer, message));
  }

  private long held(WorkerId from, View.@Nullable Peer peer, long since) {
    return due.stream().filter(c -> c.isOf(from, since) && c.peer == peer).count();
  }

  private long heldEver(WorkerId from, long since) {
    return due.stream().filter(c -> c.isOf(from, since)).count();
  }

  /** Adds up what is due in an iteration, and forgets it; returns the sum of the scales. */
  double take(long iteration, double[] sum) {
    List<Came> later = new ArrayList<>();
    double scales = 0;
    for (Came came : due) {
      if (!staleness.ordered() || came.message.iteration() <= iteration) {
        float[] values = came.message.values();
        for (int i = 0; i < values.length; i++) {
          sum[i] += values[i];
        }
        scales += came.message.scale();
      } else {
        later.add(came);
      }
    }
    due.clear();
    due.addAll(later);
    return scales;
  }
}
