package io.dlion.monitor.comparison.trace;

import io.dlion.core.WorkerId;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What one worker did over the run. Immutable.
 *
 * @param worker its id
 * @param accuracy of its last evaluation; NaN where there was none
 * @param samples it processed
 * @param waitShare share of its time that it waited for others, see {@link
 *     io.dlion.monitor.statistics.WaitShare}; NaN where it trained nothing
 * @param commits that left it for a server
 * @param batchSize its local batch over time, in samples
 * @param staleness over time, in iterations
 * @param activitySeconds how long it did what, over the whole run
 * @param intervals when it did what within the {@link SeedRun#window}, ascending
 */
public record WorkerTrace(
    WorkerId worker,
    double accuracy,
    long samples,
    double waitShare,
    long commits,
    List<SeriesPoint> batchSize,
    List<SeriesPoint> staleness,
    Map<Activity, Double> activitySeconds,
    Map<Activity, List<Interval>> intervals) {
  /** Copies; an activity that is missing took no time. */
  public WorkerTrace {
    batchSize = List.copyOf(batchSize);
    staleness = List.copyOf(staleness);
    Map<Activity, Double> seconds = new EnumMap<>(Activity.class);
    Map<Activity, List<Interval>> lanes = new EnumMap<>(Activity.class);
    for (Activity a : Activity.values()) {
      seconds.put(a, activitySeconds.getOrDefault(a, 0.0));
      lanes.put(a, List.copyOf(intervals.getOrDefault(a, List.of())));
    }
    activitySeconds = java.util.Collections.unmodifiableMap(seconds);
    intervals = java.util.Collections.unmodifiableMap(lanes);
  }

  /** Whether it did an iteration at all: one that only serves does not. */
  public boolean trained() {
    return !batchSize.isEmpty();
  }

  /** The intervals of one activity. */
  public List<Interval> during(Activity activity) {
    return intervals.getOrDefault(activity, List.of());
  }
}
