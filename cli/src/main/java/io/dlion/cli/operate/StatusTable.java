package io.dlion.cli.operate;

import io.dlion.cluster.ClusterObserver.Sight;
import io.dlion.cluster.WorkerStatus;
import io.dlion.cluster.cap.Limits;
import io.dlion.core.Phrase;
import io.dlion.core.WorkerId;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What was seen of a cluster, for people. */
record StatusTable(PrintStream out) {
  private static final double BYTES_PER_MBIT = 125_000;

  void print(Sight sight) {
    List<WorkerStatus> workers = sight.workers();
    String row = "%-16s %-12s %-9s %10s %7s %7s %8s %9s%s%n";
    boolean served = workers.stream().anyMatch(w -> w.service().isPresent());
    out.printf(
        Locale.ROOT,
        row,
        "worker",
        "site",
        "",
        "iteration",
        "batch",
        "global",
        "loss",
        "accuracy",
        served ? "  server" : "");
    for (WorkerStatus w : workers) {
      out.printf(
          Locale.ROOT,
          row,
          w.worker(),
          w.site(),
          phase(w),
          w.doing().iteration() < 0 ? "-" : w.doing().iteration(),
          w.doing().batchSize() == 0 ? "-" : w.doing().batchSize(),
          w.doing().globalBatchSize() == 0 ? "-" : w.doing().globalBatchSize(),
          number(w.doing().loss(), "%.4f"),
          Double.isNaN(w.doing().accuracy()) ? "-" : number(100 * w.doing().accuracy(), "%.1f %%"),
          served ? "  " + server(w) : "");
    }
    workers.forEach(w ->
        w.rest()
            .ifPresent(
                r -> out.println(w.worker() + ": " + r.why() + ", for " + ago(r.agoMillis()))));
    streams(workers);
    links(workers);
    limits(workers);
    paths(workers);
    lost(sight);
  }

  private void limits(List<WorkerStatus> workers) {
    List<WorkerStatus> capped =
        workers.stream().filter(w -> !w.limits().equals(Limits.NONE)).toList();
    if (!capped.isEmpty()) {
      out.println();
      capped.forEach(w -> out.println(w.worker() + " " + w.limits().text()));
    }
  }

  /** Which pairs cannot talk, and who passes on what they say. */
  private void paths(List<WorkerStatus> workers) {
    List<String> lines = new ArrayList<>();
    for (WorkerStatus w : workers) {
      for (WorkerStatus.Path path : w.around().paths()) {
        String pair =
            Phrase.of(
                "%-34s %-24s %s",
                w.worker() + " to " + path.peer(),
                path.via().map(via -> "over " + via).orElse("cannot talk"),
                ago(path.agoMillis()));
        lines.add(pair);
      }
    }
    section(Phrase.of("%-34s %-24s %s", "not reached directly", "", "for"), lines);
  }

  /**
   * Whoever answers is not lost: it may be paused, or in another part of a cluster that fell apart.
   */
  private void lost(Sight sight) {
    Map<WorkerId, Map<WorkerId, Long>> agoMillis = new TreeMap<>();
    Set<WorkerId> here = new TreeSet<>();
    sight.workers().forEach(w -> here.add(w.worker()));
    for (WorkerStatus w : sight.workers()) {
      for (WorkerStatus.Lost lost : w.around().lost()) {
        boolean rests =
            sight.workers().stream()
                .anyMatch(o -> o.worker().equals(lost.worker()) && o.rest().isPresent());
        if (!rests) {
          agoMillis
              .computeIfAbsent(lost.worker(), id -> new TreeMap<>())
              .put(w.worker(), lost.agoMillis());
        }
      }
    }
    List<String> lines = new ArrayList<>();
    agoMillis.forEach((who, by) -> {
      long first = by.values().stream().mapToLong(Long::longValue).max().orElse(0);
      String names = String.join(", ", by.keySet().stream().map(WorkerId::name).toList());
      String answers = here.contains(who) ? ", but answers" : "";
      lines.add(Phrase.of("%-34s %-24s %s", who, ago(first) + " ago", "by " + names + answers));
    });
    sight.silent().forEach(lines::add);
    section(Phrase.of("%-34s", "lost, or without an answer"), lines);
  }

  private void section(String heading, List<String> lines) {
    if (!lines.isEmpty()) {
      out.println();
      out.println(heading.stripTrailing());
      lines.forEach(out::println);
    }
  }

  /** {@code 4 s}, {@code 12 min}, {@code 3.5 h}. */
  static String ago(long millis) {
    double seconds = millis / 1e3;
    if (seconds < 120) {
      return Phrase.of("%.0f s", seconds);
    }
    return seconds < 7200
        ? Phrase.of("%.0f min", seconds / 60)
        : Phrase.of("%.1f h", seconds / 3600);
  }

  private void streams(List<WorkerStatus> workers) {
    if (workers.stream().allMatch(w -> w.streaming().isEmpty())) {
      return;
    }
    out.println();
    String row = "%-34s %10s %12s %12s%n";
    out.printf(Locale.ROOT, row, "stream", "learned", "rejected", "prequential");
    for (WorkerStatus w : workers) {
      w.streaming()
          .ifPresent(s ->
              out.printf(
                  Locale.ROOT,
                  row,
                  w.worker(),
                  String.format(Locale.ROOT, "%,d", s.learned()),
                  String.format(Locale.ROOT, "%,d", s.rejected()),
                  number(100 * s.accuracy(), "%.1f %%")));
    }
  }

  private void links(List<WorkerStatus> workers) {
    out.println();
    out.printf(Locale.ROOT, "%-34s %10s %12s%n", "link", "Mbit/s", "round trip");
    for (WorkerStatus w : workers) {
      for (WorkerStatus.Link link : w.links()) {
        out.printf(
            Locale.ROOT,
            "%-34s %10s %12s%n",
            w.worker() + " to " + link.peer(),
            link.bytesPerSecond() == 0
                ? "-"
                : number(link.bytesPerSecond() / BYTES_PER_MBIT, "%.1f"),
            link.roundTripNanos() == 0 ? "-" : number(link.roundTripNanos() / 1e6, "%.1f ms"));
      }
    }
  }

  /** One that serves and has no data trains nothing. */
  private static String phase(WorkerStatus w) {
    boolean onlyServes = w.serves() && w.doing().iteration() < 0;
    return onlyServes && w.doing().phase().equals(WorkerStatus.TRAINING)
        ? "serving"
        : w.doing().phase();
  }

  /** {@code serves version 120}, or the name of the one that does. */
  private static String server(WorkerStatus w) {
    return w.service()
        .map(s -> w.serves() ? "serves version " + s.version() : s.server().name())
        .orElse("-");
  }

  private static String number(double value, String format) {
    return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, format, value);
  }
}
