package io.dlion.emulator.network;

import java.util.Arrays;
import java.util.List;

/**
 * Max-min fair rates: nobody can have more without taking it from somebody who has no more. By
 * progressive filling (Bertsekas and Gallager, Data Networks, 1992, section 6.5.2): the port with
 * the least share for each of its links decides their rate; what they leave elsewhere is shared by
 * the others; and so on.
 */
final class MaxMin {
  /** Shares closer than this are one: they differ by rounding only. */
  private static final double SAME = 1 + 1e-12;

  private double[] shares = new double[0];
  private Port[] busy = new Port[0];
  private long round;

  /** Sets {@link Link#share} of every link that carries something through these ports. */
  void fill(List<Port> ports) {
    round++;
    int count = begin(ports);
    double level = 0;
    while (true) {
      int tightest = least(count);
      if (tightest < 0) {
        return;
      }
      level = shares[tightest] > level * SAME ? shares[tightest] : level;
      for (Link link : busy[tightest].links) {
        if (link.round != round) {
          link.round = round;
          link.share = level;
          take(link, level);
        }
      }
    }
  }

  private int begin(List<Port> ports) {
    if (shares.length < ports.size()) {
      shares = new double[ports.size()];
      busy = new Port[ports.size()];
    }
    int count = 0;
    for (Port port : ports) {
      if (!port.links.isEmpty()) {
        port.slot = count;
        port.free = port.capacity();
        port.open = port.links.size();
        shares[count] = port.free / port.open;
        busy[count++] = port;
      }
    }
    Arrays.fill(busy, count, busy.length, null);
    return count;
  }

  /** The busy port with the least share; -1 when all links have their rate. */
  private int least(int count) {
    int least = -1;
    double share = Double.POSITIVE_INFINITY;
    for (int i = 0; i < count; i++) {
      if (shares[i] < share) {
        share = shares[i];
        least = i;
      }
    }
    return least;
  }

  private void take(Link link, double rate) {
    for (Port port : link.ports) {
      port.free = Math.max(0, port.free - rate);
      port.open--;
      shares[port.slot] = port.open == 0 ? Double.POSITIVE_INFINITY : port.free / port.open;
    }
  }
}
