package io.dlion.cli.emulate;

import io.dlion.core.Phrase;
import io.dlion.core.WorkerId;
import io.dlion.core.WorkerPair;
import io.dlion.monitor.comparison.ComparisonTable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Collects which pairs of an environment could not reach each other, who relayed for them, and how
 * many bytes, over all its runs. Thread safe: runs may be under way at a time.
 */
final class RelayNotes {
  private static final int WAYS_MAX = 8;
  private static final int PAIRS_MAX = 6;

  private final Map<Way, SortedSet<WorkerPair>> pairs = new TreeMap<>(Way.ORDER);
  private final Map<String, Long> bytes = new TreeMap<>();

  private record Way(String over, double fromSeconds, double toSeconds) {
    static final Comparator<Way> ORDER =
        Comparator.comparingDouble(Way::fromSeconds)
            .thenComparing(Way::over)
            .thenComparingDouble(Way::toSeconds);
  }

  /** A pair's messages went over others for a while in a run of a method. */
  synchronized void relayed(
      String method,
      WorkerPair pair,
      List<WorkerId> over,
      long fromNanos,
      long toNanos,
      long sentBytes) {
    String names = over.stream().map(WorkerId::name).collect(Collectors.joining(" and "));
    Way way = new Way(names, fromNanos / 1e9, toNanos / 1e9);
    pairs.computeIfAbsent(way, _ -> new TreeSet<>()).add(pair);
    bytes.merge(method, sentBytes, Long::sum);
  }

  /**
   * What to tell of it; nothing where no pair was relayed.
   *
   * @param runs of each method
   */
  synchronized List<String> notes(int runs) {
    List<String> notes = new ArrayList<>();
    for (Map.Entry<Way, SortedSet<WorkerPair>> entry : pairs.entrySet()) {
      if (notes.size() == WAYS_MAX) {
        notes.add("relayed besides: " + (pairs.size() - WAYS_MAX) + " other ways");
        break;
      }
      Way way = entry.getKey();
      notes.add(
          Phrase.of(
              "relayed by %s, %.0f s to %.0f s: %s",
              way.over, way.fromSeconds, way.toSeconds, listed(entry.getValue())));
    }
    if (!bytes.isEmpty()) {
      Map<String, String> shares = new LinkedHashMap<>();
      bytes.forEach(
          (method, sum) -> shares.put(method, ComparisonTable.bytes((double) sum / runs)));
      notes.add(
          "relayed in a run: "
              + shares.entrySet().stream()
                  .map(e -> e.getValue() + " with " + e.getKey())
                  .collect(Collectors.joining(", ")));
    }
    return notes;
  }

  private static String listed(SortedSet<WorkerPair> pairs) {
    String first =
        pairs.stream().limit(PAIRS_MAX).map(WorkerPair::toString).collect(Collectors.joining(", "));
    return pairs.size() > PAIRS_MAX
        ? first + " and " + (pairs.size() - PAIRS_MAX) + " more"
        : first;
  }
}
