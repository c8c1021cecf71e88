package io.dlion.cli.plan;

import io.dlion.core.Phrase;
import io.dlion.core.WorkerId;
import io.dlion.emulator.environment.DirectedLink;
import io.dlion.emulator.environment.Environment;
import io.dlion.emulator.environment.SitedWorker;
import io.dlion.emulator.environment.WhatIf;
import io.dlion.monitor.comparison.Figures;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * A line between sites that can be made faster: a worker's access link, or the way between two
 * workers where it is narrower than these.
 *
 * @param title what it is, for people
 * @param mbit what it carries at the beginning, in Mbit/s
 * @param use share of that which a method takes, in its busier direction
 * @param faster the environment with twice that
 */
record BusyLine(String title, double mbit, double use, Environment faster) {
  private static final double BYTES_PER_MBIT = 1e6 / 8;

  /** Lines whose use differs by less are equally busy. */
  private static final double SAME_USE = 0.05;

  private static final double FACTOR = 2;

  /** The busiest line; of those about equally busy the thinnest. Empty where all is one LAN. */
  static Optional<BusyLine> of(Environment where, List<Traffic> traffic) {
    List<BusyLine> lines = new ArrayList<>();
    for (SitedWorker worker : where.workers()) {
      if (!where.hasLanAccess(worker.id())) {
        lines.add(access(where, worker.id(), traffic));
      }
    }
    for (DirectedLink link : where.particularLinks()) {
      if (where.pathMbit(link.from(), link.to()).isPresent()
          && !where.isLan(link.from(), link.to())) {
        lines.add(path(where, link, traffic));
      }
    }
    double most = lines.stream().mapToDouble(BusyLine::use).max().orElse(0);
    return lines.stream()
        .filter(line -> line.use > 0 && line.use >= most - SAME_USE)
        .min(Comparator.comparingDouble(BusyLine::mbit));
  }

  private static BusyLine access(Environment where, WorkerId worker, List<Traffic> traffic) {
    double up = bytesPerSecond(traffic, t -> t.wan() && t.from().equals(worker));
    double down = bytesPerSecond(traffic, t -> t.wan() && t.to().equals(worker));
    double upRate = where.accessBytesPerSecond(worker, 0);
    double downRate = where.accessDownBytesPerSecond(worker, 0);
    boolean busierUp = up / upRate >= down / downRate;
    return line(
        "the line of " + worker.name(),
        busierUp ? upRate : downRate,
        busierUp ? up : down,
        WhatIf.fasterAccess(where, worker, FACTOR));
  }

  private static BusyLine path(Environment where, DirectedLink link, List<Traffic> traffic) {
    double there =
        bytesPerSecond(traffic, t -> t.from().equals(link.from()) && t.to().equals(link.to()));
    return line(
        "the way between " + link.from().name() + " and " + link.to().name(),
        where.pathBytesPerSecond(link.from(), link.to(), 0),
        there,
        WhatIf.fasterPath(where, link, FACTOR));
  }

  private static BusyLine line(String what, double rate, double taken, Environment faster) {
    double mbit = rate / BYTES_PER_MBIT;
    return new BusyLine(
        Phrase.of(
            "%s twice as fast (%s instead of %s Mbit/s; %.0f %% in use now)",
            what,
            Figures.decimals(FACTOR * mbit, mbit < 10 ? 1 : 0),
            Figures.decimals(mbit, mbit < 10 ? 1 : 0),
            100 * taken / rate),
        mbit,
        taken / rate,
        faster);
  }

  private static double bytesPerSecond(List<Traffic> traffic, Predicate<Traffic> which) {
    return traffic.stream().filter(which).mapToDouble(Traffic::bytesPerSecond).sum();
  }
}
