package io.dlion.monitor.statistics;

import io.dlion.core.WorkerId;
import io.dlion.core.report.Report;
import io.dlion.core.report.ReportSink;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.TreeMap;

/**
 * Adds up what workers report, for whoever shows or records how the run stands. Its only clock is
 * that of the reports and of those who ask. Thread safe.
 *
 * <p>In a cluster of several processes only this process's workers report here; overall samples and
 * the time left then follow what they know of the cluster, bytes and iterations do not.
 */
public final class RunStatistics implements ReportSink {
  /** "Of late" in rates that are shown. */
  static final long RECENT_NANOS = 5_000_000_000L;

  /** Longer, so that the estimate of the time left is calm and evaluations are averaged in. */
  private static final long ESTIMATE_NANOS = 60_000_000_000L;

  private final RunGoal goal;
  private final TreeMap<WorkerId, WorkerStatistics> workers = new TreeMap<>();
  private final RateWindow recent = new RateWindow(RECENT_NANOS);
  private final RateWindow estimate = new RateWindow(ESTIMATE_NANOS);
  private final List<Report.Drifted> drifts = new ArrayList<>();
  private long driftCount;
  private long samples;
  private long clusterSamples;
  private long clusterGrowth;
  private long latestNanos;

  /** Nothing reported yet. */
  public RunStatistics(RunGoal goal) {
    this.goal = goal;
  }

  @Override
  public synchronized void accept(Report report) {
    latestNanos = Math.max(latestNanos, report.atNanos());
    switch (report) {
      case Report.Iteration r -> iteration(r);
      case Report.Sent r -> of(r.worker()).sent(r);
      case Report.Evaluated r -> evaluated(r);
      case Report.Transfer r -> of(r.worker());
      case Report.Committed r -> of(r.worker()).committed(r);
      case Report.Serving r -> of(r.worker()).serving(r);
      case Report.Streamed r -> of(r.worker()).streamed(r);
      case Report.Drifted r -> drifted(r);
      case Report.Notice _ -> {}
    }
  }

  /**
   * A worker goes on that had sent so many bytes before the run was interrupted; its reports count
   * samples and iterations on from there, but messages one by one.
   */
  public synchronized void sentBefore(WorkerId worker, long bytes) {
    of(worker).sentBefore(bytes);
  }

  private WorkerStatistics of(WorkerId worker) {
    return workers.computeIfAbsent(worker, WorkerStatistics::new);
  }

  private void iteration(Report.Iteration report) {
    WorkerStatistics worker = of(report.worker());
    long before = worker.samples();
    if (before == 0) {
      // A resumed worker brings all its earlier samples at once: that is no speed.
      recent.clear();
      estimate.clear();
    }
    worker.iteration(report);
    samples += report.samples() - before;
    clusterSamples = Math.max(clusterSamples, report.clusterSamples());
    clusterGrowth = Math.max(clusterGrowth, report.clusterSamples() - report.foundSamples());
    grow(recent, report);
    grow(estimate, report);
  }

  private void drifted(Report.Drifted report) {
    driftCount++;
    if (drifts.size() < Drifts.KEPT_MAX) {
      drifts.add(report);
    }
  }

  /** One that only serves has no iterations that tell how far the cluster is. */
  private void evaluated(Report.Evaluated report) {
    WorkerStatistics worker = of(report.worker());
    worker.evaluated(report);
    if (worker.iterations() == 0) {
      clusterSamples = Math.max(clusterSamples, report.clusterSamples());
    }
  }

  private void grow(RateWindow window, Report.Iteration report) {
    if (window.isEmpty()) {
      window.add(WaitShare.beginNanos(report), growth() - report.batchSize());
    }
    window.add(report.atNanos(), growth());
  }

  /** What rates are made of: samples of peers that were met only now did not come in a moment. */
  private long growth() {
    return Math.max(samples, clusterGrowth);
  }

  private long overall() {
    return Math.max(samples, clusterSamples);
  }

  /** How the run stands at its latest report. */
  public synchronized RunSnapshot snapshot() {
    return snapshot(latestNanos);
  }

  /**
   * How the run stands now.
   *
   * @param nowNanos time since the run began, on the clock of the reports; the latest report counts
   *     if it is later
   */
  public synchronized RunSnapshot snapshot(long nowNanos) {
    long now = Math.max(nowNanos, latestNanos);
    List<WorkerSnapshot> all = workers.values().stream().map(w -> w.snapshot(now)).toList();
    List<WorkerSnapshot> judged = judged(all);
    boolean unknown =
        overall() == 0 && !all.isEmpty() && all.stream().allMatch(WorkerSnapshot::onlyServes);
    RunGoal known = unknown ? goal.withoutEpochs() : goal;
    return new RunSnapshot(
        now,
        overall(),
        recent.perSecond(now),
        goal.isEndless(),
        goal.epochsOf(overall()),
        goal.epochs(),
        known.fraction(overall(), now),
        known.remainingNanos(overall(), now, estimate.perSecond(now)),
        mean(judged.stream().map(WorkerSnapshot::accuracy).toList()),
        judged.stream().flatMapToDouble(w -> w.accuracy().stream()).min(),
        mean(judged.stream().map(WorkerSnapshot::testLoss).toList()),
        all.stream().mapToLong(WorkerSnapshot::iterations).sum(),
        all.stream().mapToLong(WorkerSnapshot::bytesSent).sum(),
        new Drifts(driftCount, drifts),
        all);
  }

  /** Those whose evaluations count: those that train, unless only others were evaluated. */
  private static List<WorkerSnapshot> judged(List<WorkerSnapshot> all) {
    List<WorkerSnapshot> training = all.stream().filter(w -> !w.onlyServes()).toList();
    return training.stream().anyMatch(w -> w.accuracy().isPresent()) ? training : all;
  }

  private static OptionalDouble mean(List<OptionalDouble> values) {
    return values.stream().flatMapToDouble(OptionalDouble::stream).average();
  }
}
