package io.dlion.emulator.check;

import io.dlion.core.WorkerId;
import io.dlion.core.sync.Synchronization;
import java.util.ArrayList;
import java.util.List;

/** The gradients that have come to a worker in time and are part of its next steps. */
final class DueGradients {
  private static final int HELD_MAX = 2;

  private final Synchronization staleness;
  private final List<Came> due = new ArrayList<>();

  private record Came(WorkerId from, Gradients.Decoded message) {}

  DueGradients(Synchronization staleness) {
    this.staleness = staleness;
  }

  /** A sound gradient has come. */
  void came(View view, WorkerId from, Gradients.Decoded message) {
    long iteration = message.iteration();
    if (staleness.tooOld(view.iteration, iteration)) {
      return;
    }
    if (staleness.ordered()) {
      View.Peer peer = view.peers.get(from);
      long since = Math.max(view.iteration, peer == null ? 0 : peer.arrivedBefore + 1);
      if (held(from, since) >= HELD_MAX || held(from, view.iteration) >= 3 * HELD_MAX) {
        return;
      }
    }
    due.add(new Came(from, message));
  }

  private long held(WorkerId from, long since) {
    return due.stream().filter(c -> c.from.equals(from) && c.message.iteration() >= since).count();
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
