package io.dlion.emulator.network;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongToDoubleFunction;

/**
 * What links share: one direction of a worker's access link or LAN port, or the way between two
 * workers where it is narrower than its ends. It knows the links that carry something through it at
 * present, and the other ports that each of these passes.
 */
final class Port {
  private final LongToDoubleFunction bytesPerSecondAt;
  private double capacity;

  private final List<Link> links = new ArrayList<>();
  private final List<Port[]> others = new ArrayList<>();

  private long nextNanos = Long.MAX_VALUE;

  // While MaxMin works:
  private double free;
  private int open;
  private double level;

  Port(LongToDoubleFunction bytesPerSecondAt, long nowNanos) {
    this.bytesPerSecondAt = bytesPerSecondAt;
    refresh(nowNanos);
  }

  /** Looks up what it carries from now on. */
  void refresh(long nowNanos) {
    capacity = bytesPerSecondAt.applyAsDouble(nowNanos);
  }

  /** Bytes per second. */
  double capacity() {
    return capacity;
  }

  /** The links that carry something through here. */
  List<Link> links() {
    return links;
  }

  /**
   * A link begins to carry something.
   *
   * @param rest the other ports that it passes
   */
  void add(Link link, Port[] rest) {
    links.add(link);
    others.add(rest);
  }

  /** A link carries nothing any more. */
  void remove(Link link) {
    int i = links.indexOf(link);
    links.remove(i);
    others.remove(i);
  }

  /** At the sender's end: when the first of the links finishes, or earlier. */
  long nextNanos() {
    return nextNanos;
  }

  /** A link finishes then. */
  void expect(long nanos) {
    nextNanos = Math.min(nextNanos, nanos);
  }

  void expectNothing() {
    nextNanos = Long.MAX_VALUE;
  }

  /** No link has been given its rate. */
  void begin() {
    free = capacity;
    open = links.size();
    level = Double.POSITIVE_INFINITY;
  }

  /** What each link without a rate can have; infinite where there is none. */
  double share() {
    // Rounding may leave less than nothing.
    return open == 0 ? Double.POSITIVE_INFINITY : Math.max(0, free) / open;
  }

  /**
   * The rate of every link that no other port holds to less; infinite where others hold all of
   * them.
   */
  double level() {
    return level;
  }

  /** All links that have no rate yet get this one; it is gone from their other ports. */
  void settle(double rate) {
    for (int i = 0; i < others.size(); i++) {
      Port[] rest = others.get(i);
      if (areOpen(rest)) {
        for (Port port : rest) {
          port.take(rate);
        }
      }
    }
    level = rate;
    open = 0;
  }

  private static boolean areOpen(Port[] ports) {
    for (Port port : ports) {
      if (port.level < Double.POSITIVE_INFINITY) {
        return false;
      }
    }
    return true;
  }

  private void take(double rate) {
    free -= rate;
    open--;
  }
}
