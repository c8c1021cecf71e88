package io.dlion.monitor.statistics;

import io.dlion.core.WorkerId;
import io.dlion.core.report.Report;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What is known of one worker. Guarded by the lock of its {@link RunStatistics}. */
final class WorkerStatistics {
  /** Weight of the newest loss in the smoothed one: a memory of about 20 iterations. */
  private static final double NEW_LOSS = 0.05;

  private final WorkerId worker;
  private final TreeMap<WorkerId, LinkStatistics> links = new TreeMap<>();
  private final RateWindow rate = new RateWindow(RunStatistics.RECENT_NANOS);
  private long bytesBefore;
  private long iterations;
  private int batchSize;
  private int globalBatchSize;
  private double loss = Double.NaN;
  private long samples;
  private long staleness;
  private OptionalDouble accuracy = OptionalDouble.empty();
  private OptionalDouble testLoss = OptionalDouble.empty();
  private final WaitShare waiting = new WaitShare();
  private Report.@Nullable Committed commit;
  private long stepsSinceCommit;
  private long commitBytes;
  private @Nullable ServerStatistics server;
  private @Nullable StreamStatistics stream;

  WorkerStatistics(WorkerId worker) {
    this.worker = worker;
  }

  long samples() {
    return samples;
  }

  void iteration(Report.Iteration report) {
    if (rate.isEmpty()) {
      rate.add(WaitShare.beginNanos(report), report.samples() - report.batchSize());
    }
    rate.add(report.atNanos(), report.samples());
    iterations = report.iteration() + 1;
    batchSize = report.batchSize();
    globalBatchSize = report.globalBatchSize();
    loss = smoothed(report.loss());
    samples = report.samples();
    staleness = report.staleness();
    waiting.iteration(report);
    stepsSinceCommit++;
  }

  /** A loss that is not finite is shown at once, and forgotten at once. */
  private double smoothed(double newest) {
    return Double.isFinite(loss) && Double.isFinite(newest)
        ? loss + NEW_LOSS * (newest - loss)
        : newest;
  }

  void sentBefore(long bytes) {
    bytesBefore = bytes;
  }

  void sent(Report.Sent report) {
    links.computeIfAbsent(report.peer(), LinkStatistics::new).sent(report);
  }

  void evaluated(Report.Evaluated report) {
    accuracy = OptionalDouble.of(report.accuracy());
    testLoss = OptionalDouble.of(report.loss());
  }

  void committed(Report.Committed report) {
    commit = report;
    stepsSinceCommit = 0;
    if (!links.containsKey(report.server())) { // else the link tells of its bytes
      commitBytes += report.bytes();
    }
    if (!report.server().equals(worker)) {
      server = null; // another one serves by now
    }
  }

  void serving(Report.Serving report) {
    if (server == null) {
      server = new ServerStatistics(report);
    } else {
      server.serving(report);
    }
  }

  void streamed(Report.Streamed report) {
    if (stream == null) {
      stream = new StreamStatistics(report);
    } else {
      stream.streamed(report);
    }
  }

  long iterations() {
    return iterations;
  }

  private Optional<ClientSnapshot> client() {
    return Optional.ofNullable(commit)
        .map(c ->
            new ClientSnapshot(
                c.server(), stepsSinceCommit, c.commits(), c.periodCommits(), c.periodTarget()));
  }

  WorkerSnapshot snapshot(long nowNanos) {
    var carried = links.values().stream().map(l -> l.snapshot(nowNanos)).toList();
    return new WorkerSnapshot(
        worker,
        iterations,
        batchSize,
        globalBatchSize,
        loss,
        samples,
        rate.perSecond(nowNanos),
        staleness,
        accuracy,
        testLoss,
        waiting.share(),
        client(),
        Optional.ofNullable(server).map(s -> s.snapshot(nowNanos)),
        Optional.ofNullable(stream).map(s -> s.snapshot(nowNanos)),
        bytesBefore + commitBytes + carried.stream().mapToLong(LinkSnapshot::bytesSent).sum(),
        carried);
  }
}
