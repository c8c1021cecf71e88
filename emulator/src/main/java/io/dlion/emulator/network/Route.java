package io.dlion.emulator.network;

import io.dlion.core.WorkerId;
import java.util.List;

/**
 * The way that messages take from one worker to another: directly, or over other members. A relay
 * passes on what arrives while more is arriving, so that such a way carries what the thinnest of
 * its parts has left for it; latencies add up.
 */
final class Route {
  private final List<WorkerId> stations;
  private final Port[] ports;

  /** For each port all but that one. */
  private final Port[][] others;

  private final long latencyNanos;

  /**
   * A way.
   *
   * @param stations the sender, the relays in their order, the receiver
   * @param passed all ports on the way, the sender's first
   * @param latencyNanos from the sender to the receiver
   */
  Route(List<WorkerId> stations, List<Port> passed, long latencyNanos) {
    this.stations = List.copyOf(stations);
    this.latencyNanos = latencyNanos;
    ports = passed.toArray(Port[]::new);
    others = new Port[ports.length][];
    for (int i = 0; i < ports.length; i++) {
      Port port = ports[i];
      others[i] = passed.stream().filter(p -> p != port).toArray(Port[]::new);
    }
  }

  List<WorkerId> stations() {
    return stations;
  }

  long latencyNanos() {
    return latencyNanos;
  }

  Port sender() {
    return ports[0];
  }

  boolean isRelayed() {
    return stations.size() > 2;
  }

  /** Whether a member passes messages on. */
  boolean isRelayedBy(WorkerId worker) {
    return stations.subList(1, stations.size() - 1).contains(worker);
  }

  /** The bytes per second that all ports allow as {@link MaxMin} left them. */
  double share() {
    double share = Double.POSITIVE_INFINITY;
    for (Port port : ports) {
      share = Math.min(share, port.level());
    }
    return share;
  }

  /** A link begins to carry something along here. */
  void enter(Link link) {
    for (int i = 0; i < ports.length; i++) {
      ports[i].add(link, others[i]);
    }
  }

  /** A link carries nothing along here any more. */
  void leave(Link link) {
    for (Port port : ports) {
      port.remove(link);
    }
  }
}
