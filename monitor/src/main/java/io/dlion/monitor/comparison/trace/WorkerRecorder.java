package io.dlion.monitor.comparison.trace;

import io.dlion.core.WorkerId;
import io.dlion.core.report.Report;
import io.dlion.monitor.statistics.WaitShare;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Records what one worker does. Guarded by the lock of its {@link RunRecorder}. */
final class WorkerRecorder {
  private static final int SERIES_POINTS_MAX = 256;

  private final WorkerId worker;
  private final Series batchSize = new Series(SERIES_POINTS_MAX);
  private final Series staleness = new Series(SERIES_POINTS_MAX);
  private final Map<Activity, Lane> lanes = new EnumMap<>(Activity.class);
  private Report.@Nullable Evaluated evaluated;
  private final WaitShare waiting = new WaitShare();
  private boolean counts;
  private boolean serves;
  private boolean trains;
  private long commits;
  private long samples;
  private int transfersOpen;
  private long sendingSinceNanos;

  WorkerRecorder(WorkerId worker, boolean initial, long windowFromNanos, long windowToNanos) {
    this.worker = worker;
    this.counts = initial;
    for (Activity a : Activity.values()) {
      lanes.put(a, new Lane(windowFromNanos, windowToNanos));
    }
  }

  /** Whether it counts where the mean over workers is asked for. */
  boolean counts() {
    return counts;
  }

  Report.@Nullable Evaluated evaluated() {
    return evaluated;
  }

  long samples() {
    return samples;
  }

  void iteration(Report.Iteration report) {
    counts |= evaluated != null; // back after it had gone
    trains = true;
    waiting.iteration(report);
    samples = report.samples();
    double seconds = report.atNanos() / 1e9;
    batchSize.add(seconds, report.batchSize());
    staleness.add(seconds, (double) report.staleness());
  }

  void evaluated(Report.Evaluated report) {
    counts = true;
    evaluated = report;
  }

  void notJudged() {
    counts = false;
    evaluated = null;
  }

  void committed() {
    commits++;
  }

  void serving() {
    serves = true;
  }

  /** Whether it serves and has trained nothing. */
  boolean onlyServes() {
    return serves && !trains;
  }

  double waitShare() {
    return waiting.share();
  }

  long commits() {
    return commits;
  }

  void gone() {
    counts = false;
    waiting.gone();
  }

  void active(Activity activity, long fromNanos, long toNanos) {
    lane(activity).add(fromNanos, toNanos);
  }

  void transferBegan(long atNanos) {
    if (transfersOpen++ == 0) {
      sendingSinceNanos = atNanos;
    }
  }

  void transferEnded(long atNanos) {
    if (--transfersOpen == 0) {
      lane(Activity.SENDING).add(sendingSinceNanos, atNanos);
    }
  }

  long completeToNanos() {
    return lanes.values().stream().mapToLong(Lane::completeToNanos).min().orElseThrow();
  }

  private Lane lane(Activity activity) {
    Lane lane = lanes.get(activity);
    if (lane == null) {
      throw new IllegalStateException("no lane for " + activity);
    }
    return lane;
  }

  WorkerTrace trace(long windowToNanos) {
    Map<Activity, Double> seconds = new EnumMap<>(Activity.class);
    Map<Activity, List<Interval>> intervals = new EnumMap<>(Activity.class);
    lanes.forEach((activity, lane) -> {
      seconds.put(activity, lane.totalSeconds());
      intervals.put(activity, lane.intervals(windowToNanos));
    });
    return new WorkerTrace(
        worker,
        evaluated == null ? Double.NaN : evaluated.accuracy(),
        samples,
        waiting.share(),
        commits,
        batchSize.points(),
        staleness.points(),
        seconds,
        intervals);
  }
}
