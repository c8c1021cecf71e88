package io.dlion.core.peer.links;

import io.dlion.core.WorkerId;
import io.dlion.core.wire.GradientHeader;
import io.dlion.core.wire.HeaderExtension.Kind;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;

/**
 * How old what is passed on is: each neighbour's newest gradient, with all that lies behind it.
 * Confined to its node.
 */
final class Ages {
  private final Map<WorkerId, Newest> newest = new TreeMap<>();

  /** The newest gradient of a neighbour: its group, samples behind it, and when it was made. */
  private record Newest(String group, long samples, double madeNanos) {}

  /** A gradient has arrived, over a link that has taken so long for it. */
  void arrived(
      WorkerId from, String group, GradientHeader header, long nowNanos, double linkSeconds) {
    double seconds = linkSeconds + header.extension().get(Kind.AGE, 0);
    newest.put(from, new Newest(group, header.samples(), nowNanos - seconds * 1e9));
  }

  /** Gradients are exchanged with a peer no longer. */
  void closed(WorkerId peer) {
    newest.remove(peer);
  }

  /**
   * The mean age in seconds of what a group is sent now, by samples: the own part is new.
   *
   * @param ownSamples of this worker
   * @return empty where there is nothing to pass on
   */
  OptionalDouble of(String group, long ownSamples, long nowNanos) {
    double ages = 0;
    double samples = ownSamples;
    for (Newest other : newest.values()) {
      if (!other.group.equals(group)) {
        ages += other.samples * Math.max(0, nowNanos - other.madeNanos);
        samples += other.samples;
      }
    }
    return ages > 0 ? OptionalDouble.of(ages / samples * 1e-9) : OptionalDouble.empty();
  }
}
