package io.dlion.monitor.log;

import io.dlion.core.report.Report;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Sums of one kind of report, of which a line is made for each interval. Not thread safe.
 *
 * @param <R> the kind of report
 */
abstract class IntervalSum<R extends Report> {
  private @Nullable R last;
  private long dueNanos;

  /** Adds one; a line where the interval is over. */
  final Optional<MetricsLine> add(R report) {
    last = report;
    sum(report);
    return report.atNanos() >= dueNanos ? take() : Optional.empty();
  }

  /** A line of what was added since the last one, and a new interval. */
  final Optional<MetricsLine> take() {
    R report = last;
    if (report == null) {
      return Optional.empty();
    }
    MetricsLine line = line(report);
    dueNanos = report.atNanos() + MetricsLog.intervalNanos(report.atNanos());
    last = null;
    reset();
    return Optional.of(line);
  }

  /** Adds a report to the sums. */
  abstract void sum(R report);

  /** A line of the sums, and of the last report. */
  abstract MetricsLine line(R last);

  /** Sets all sums to zero. */
  abstract void reset();
}
