package io.dlion.monitor.comparison.trace;

import io.dlion.core.WorkerId;
import io.dlion.core.report.Report;
import io.dlion.core.report.StreamFigures;
import io.dlion.monitor.statistics.Drifts;
import io.dlion.monitor.statistics.StreamTotals;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/**
 * Records what comes of a run's streams, in bounded memory. A point has the latest figures of all
 * workers; those that have gone count in its records, and not in its accuracy, until they are heard
 * again. Guarded by the lock of its {@link RunRecorder}.
 */
final class StreamRecorder {
  private final TreeMap<WorkerId, StreamFigures> latest = new TreeMap<>();
  private final Set<WorkerId> gone = new HashSet<>();
  private final CurveRecorder<PrequentialPoint> curve =
      new CurveRecorder<>(PrequentialPoint::seconds);
  private final List<DriftPoint> found = new ArrayList<>();
  private final List<Double> madeSeconds;
  private long foundCount;

  /**
   * Nothing recorded yet.
   *
   * @param madeSeconds when the environment makes drifts
   */
  StreamRecorder(List<Double> madeSeconds) {
    this.madeSeconds = List.copyOf(madeSeconds);
  }

  void streamed(Report.Streamed report) {
    latest.put(report.worker(), report.figures());
    gone.remove(report.worker());
    curve.add(point(report.atNanos()));
  }

  private PrequentialPoint point(long atNanos) {
    List<StreamFigures> live =
        latest.entrySet().stream()
            .filter(e -> !gone.contains(e.getKey()))
            .map(java.util.Map.Entry::getValue)
            .toList();
    StreamFigures all = StreamTotals.of(latest.values(), live);
    return new PrequentialPoint(
        atNanos / 1e9,
        all.cluster().window(),
        all.cluster().overall(),
        all.learned(),
        all.freshness().p50Seconds(),
        all.freshness().p99Seconds());
  }

  void drifted(Report.Drifted report) {
    foundCount++;
    if (found.size() < Drifts.KEPT_MAX) {
      found.add(
          new DriftPoint(
              report.atNanos() / 1e9,
              report.worker(),
              report.cluster(),
              report.errorBefore(),
              report.errorAfter()));
    }
  }

  void gone(WorkerId worker) {
    gone.add(worker);
  }

  /** As it ended; drifts that were to be later have not been made. */
  StreamTrace trace(double endSeconds) {
    if (latest.isEmpty()) {
      return StreamTrace.NONE;
    }
    return new StreamTrace(
        curve.points(),
        found,
        foundCount,
        madeSeconds.stream().filter(s -> s < endSeconds).toList(),
        latest.values().stream().mapToLong(StreamFigures::rejected).sum(),
        latest.values().stream().mapToLong(StreamFigures::shed).sum());
  }
}
