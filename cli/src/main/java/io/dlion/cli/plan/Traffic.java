package io.dlion.cli.plan;

import io.dlion.core.WorkerId;
import io.dlion.emulator.environment.DirectedLink;
import io.dlion.emulator.environment.Environment;
import io.dlion.monitor.comparison.trace.LinkTrace;
import io.dlion.monitor.comparison.trace.SeedRun;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What goes from one worker to another, on average over runs, framing included.
 *
 * @param from the sender
 * @param to the receiver
 * @param wan whether it leaves a site's own network, where bytes may cost money
 * @param mbit what the way between them carries at the beginning, in Mbit/s
 * @param bytes in a run
 * @param bytesPerSecond the same by the time that runs took
 */
record Traffic(
    WorkerId from, WorkerId to, boolean wan, double mbit, double bytes, double bytesPerSecond) {
  private static final double BYTES_PER_MBIT = 1e6 / 8;
  private static final double DAY_SECONDS = 86_400;

  /** All links of a method, the busiest first: means over its runs. */
  static List<Traffic> of(Environment where, List<SeedRun> runs) {
    Map<DirectedLink, List<LinkTrace>> links = new LinkedHashMap<>();
    Map<DirectedLink, Double> rates = new HashMap<>();
    for (SeedRun run : runs) {
      for (LinkTrace trace : run.links()) {
        DirectedLink link = new DirectedLink(trace.from(), trace.to());
        links.computeIfAbsent(link, _ -> new ArrayList<>()).add(trace);
        rates.merge(link, trace.bytes() / run.seconds() / runs.size(), Double::sum);
      }
    }
    List<Traffic> all = new ArrayList<>();
    links.forEach((link, traces) ->
        all.add(
            new Traffic(
                link.from(),
                link.to(),
                !where.isLan(link.from(), link.to()),
                mbit(where, link.from(), link.to()),
                traces.stream().mapToDouble(LinkTrace::bytes).sum() / runs.size(),
                Objects.requireNonNull(rates.get(link)))));
    all.sort(
        Comparator.comparing(Traffic::wan)
            .thenComparingDouble(Traffic::bytesPerSecond)
            .reversed()
            .thenComparing(Traffic::from)
            .thenComparing(Traffic::to));
    return all;
  }

  private static double mbit(Environment where, WorkerId from, WorkerId to) {
    double ends =
        where.isLan(from, to)
            ? where.lanBytesPerSecond()
            : Math.min(where.accessBytesPerSecond(from, 0), where.accessDownBytesPerSecond(to, 0));
    return Math.min(ends, where.pathBytesPerSecond(from, to, 0)) / BYTES_PER_MBIT;
  }

  /** What share of the way's rate it takes. */
  double use() {
    return bytesPerSecond / BYTES_PER_MBIT / mbit;
  }

  /** Bytes in a day of training. */
  double bytesPerDay() {
    return bytesPerSecond * DAY_SECONDS;
  }

  /** What leaves sites in a run, of all links together, in bytes. */
  static double wanBytes(List<Traffic> all) {
    return all.stream().filter(Traffic::wan).mapToDouble(Traffic::bytes).sum();
  }

  /** What leaves sites, of all links together, in bytes per second. */
  static double wanBytesPerSecond(List<Traffic> all) {
    return all.stream().filter(Traffic::wan).mapToDouble(Traffic::bytesPerSecond).sum();
  }

  /** Of all links together, in bytes per second. */
  static double allBytesPerSecond(List<Traffic> all) {
    return all.stream().mapToDouble(Traffic::bytesPerSecond).sum();
  }
}
