package io.dlion.emulator.network;

import java.util.List;

/**
 * Max-min fair rates: nobody can have more without taking it from somebody who has no more. By
 * progressive filling (Bertsekas and Gallager, Data Networks, 1992, section 6.5.2): the port with
 * the least share for each of its links decides their rate; what they leave elsewhere is shared by
 * the others; and so on.
 *
 * <p>Instead of one port after the other, all are settled at once that have no greater share than
 * any port they could have a link in common with. The outcome is the same, since shares only ever
 * rise. A link's rate is the least level of its ports; so ports are all that is looked at here,
 * which matters where 64 workers have 4032 links.
 */
final class MaxMin {
  /** Shares closer than this are one: they differ by rounding only. */
  private static final double SAME = 1 + 1e-12;

  private final List<List<Port>> sides;
  private final double[] least;

  /**
   * For these ports.
   *
   * @param sides all ports that links pass; those of one side have no link in common, as a rule
   */
  MaxMin(List<List<Port>> sides) {
    this.sides = sides;
    this.least = new double[sides.size()];
  }

  /**
   * Sets {@link Port#level} of all ports.
   *
   * @param entwined whether some link passes several ports of one side: then only ports with the
   *     very least share are settled at once
   */
  void fill(boolean entwined) {
    for (int side = 0; side < least.length; side++) {
      least[side] = begin(sides.get(side));
    }
    while (leastBut(-1) < Double.POSITIVE_INFINITY) {
      for (int side = 0; side < least.length; side++) {
        least[side] = settle(sides.get(side), leastBut(entwined ? -1 : side) * SAME);
      }
    }
  }

  private static double begin(List<Port> side) {
    double least = Double.POSITIVE_INFINITY;
    for (Port port : side) {
      port.begin();
      least = Math.min(least, port.share());
    }
    return least;
  }

  /** The least share of a port of any side but one. */
  private double leastBut(int except) {
    double share = Double.POSITIVE_INFINITY;
    for (int side = 0; side < least.length; side++) {
      share = side == except ? share : Math.min(share, least[side]);
    }
    return share;
  }

  /** Settles the ports whose share is within a limit; returns the least share of the others. */
  private static double settle(List<Port> side, double limit) {
    double rest = Double.POSITIVE_INFINITY;
    for (Port port : side) {
      double share = port.share();
      if (share > limit) {
        rest = Math.min(rest, share);
      } else if (share < Double.POSITIVE_INFINITY) {
        port.settle(share);
      }
    }
    return rest;
  }
}
