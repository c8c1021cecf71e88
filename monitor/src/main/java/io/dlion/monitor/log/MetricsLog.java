package io.dlion.monitor.log;

import io.dlion.core.WorkerId;
import io.dlion.core.report.Report;
import io.dlion.core.report.ReportSink;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * {@code metrics.jsonl}: one JSON object a line, written about once a second by a thread of its
 * own. Thread safe; never throws to those who report. Lines that the disk does not take are lost,
 * whole ones; the first failure is told and kept, and writing goes on once the disk takes lines.
 *
 * <p>So that the file stays small however fast a model trains, iterations and commits of a worker,
 * and messages on a link, are summed up over an interval of 0.1 s or a thousandth of the run's time
 * so far, whichever is longer, and make one line ({@code count} says of how many; a slower worker
 * has a line for each). A file so grows with the logarithm of the time: about 5000 lines per worker
 * and per link in an hour, 8000 in a day. Reports of a stream come about once a second, and are
 * thinned out in the same way: the last of an interval makes a line. Notices, drifts and transfers
 * are limited to 20 lines per worker and second.
 *
 * <p>All lines have {@code t} (seconds since the run began), {@code worker} and {@code kind}.
 * Numbers that are not finite are {@code null}. By kind:
 *
 * <ul>
 *   <li>{@code iteration}: iteration (the last one), count, batchSize, globalBatchSize, samples,
 *       clusterSamples (as of the last one), loss (mean of the finite ones), lossesNotFinite (only
 *       if any), computeSeconds, waitSeconds (sums), staleness (greatest)
 *   <li>{@code sent}: peer, iteration, count, n, share (means), bytes, budgetBytes (sums),
 *       bytesPerSecond (the link's goodput as of the last one)
 *   <li>{@code evaluated}: iteration, clusterSamples, accuracy, loss, tookSeconds
 *   <li>{@code transfer}: from, round, lambda, ageSeconds, outcome
 *   <li>{@code committed} (by a client): server, version, count, steps, bytes (sums), commits (of
 *       this client so far), periodCommits, periodTarget (as of the last one), roundTripSeconds
 *       (mean of those that were measured)
 *   <li>{@code serving} (by a server; the last of an interval, and whatever is new of the search):
 *       version, commits, loss, commitTarget, search, reward, implicitMomentum, searches
 *   <li>{@code stream} (the last of an interval; counts are over all restarts): learned, rejected,
 *       shed, tested, queued, backlog (null where the source does not know), replayed,
 *       arrivalsPerSecond, prequential (of this worker) and clusterPrequential (of all live ones),
 *       each with window, fading, overall; freshnessSeconds with p50, p99, records
 *   <li>{@code drift}: scope ({@code site} or {@code cluster}), errorBefore, errorAfter
 *   <li>{@code notice}: severity, text
 *   <li>{@code transfer}, {@code drift} and {@code notice}: suppressed (only if any): lines left
 *       out before this one
 * </ul>
 */
public final class MetricsLog implements ReportSink, AutoCloseable {
  private static final long INTERVAL_NANOS_MIN = 100_000_000L;
  private static final long INTERVALS_SO_FAR = 1000;

  private final LineWriter writer;

  /** The rest is guarded by this. */
  private final Map<WorkerId, WorkerLines> workers = new HashMap<>();

  private boolean closed;

  private MetricsLog(LineWriter writer) {
    this.writer = writer;
  }

  /**
   * Opens the file and appends to it. A half line at its end, left by a run that was killed, is cut
   * off first.
   *
   * @throws IOException naming the file, if it cannot be opened
   */
  public static MetricsLog open(Path file) throws IOException {
    return new MetricsLog(LineWriter.open(file));
  }

  /** How long lines are summed up at a moment of the run. */
  static long intervalNanos(long atNanos) {
    return Math.max(INTERVAL_NANOS_MIN, atNanos / INTERVALS_SO_FAR);
  }

  @Override
  public synchronized void accept(Report report) {
    if (!closed) {
      workers.computeIfAbsent(report.worker(), _ -> new WorkerLines(writer)).add(report);
    }
  }

  /** Writes what was reported so far, apart from intervals that have not ended; waits for it. */
  public void flush() {
    writer.flush();
  }

  /** Is told of the first failure of the disk, on the thread that writes. */
  public void whenFailed(Consumer<IOException> listener) {
    writer.whenFailed(listener);
  }

  /** The first failure of the disk, whose message names the file. */
  public Optional<IOException> failure() {
    return writer.failure();
  }

  /** Writes everything and closes the file. Ask {@link #failure} afterwards. */
  @Override
  public void close() {
    synchronized (this) {
      if (!closed) {
        closed = true;
        workers.values().forEach(WorkerLines::end);
      }
    }
    writer.close();
  }
}
