package io.dlion.monitor.prometheus;

import io.dlion.core.WorkerId;
import io.dlion.core.report.Report;
import io.dlion.core.report.ReportSink;
import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.Locale;
import java.util.Set;

/**
 * Metrics of the workers in this process, named as Prometheus wants it: base units, totals for what
 * only grows, and no rates, which queries make of totals. Every series has its {@code worker};
 * those of links have the {@code peer} as well. Thread safe.
 */
public final class WorkerMetrics implements ReportSink {
  private static final double SECONDS_PER_NANO = 1e-9;

  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final LinkMetrics links = new LinkMetrics(registry);
  private final Gauge iteration = gauge("dlion_iteration", "Number of the last iteration, from 0");
  private final Counter samples =
      counter("dlion_samples", "Training samples this worker has processed");
  private final Gauge clusterSamples =
      gauge("dlion_cluster_samples", "Samples of all workers, as far as this one knows");
  private final Gauge batch = gauge("dlion_batch_samples", "Local batch size");
  private final Gauge globalBatch = gauge("dlion_global_batch_samples", "Global batch size");
  private final Gauge loss = gauge("dlion_training_loss", "Mean loss over the last local batch");
  private final Gauge staleness =
      gauge("dlion_staleness_iterations", "Iterations by which the slowest live peer is behind");
  private final Counter compute =
      counter("dlion_compute_seconds", "Time spent on computing gradients");
  private final Counter waiting =
      counter("dlion_wait_seconds", "Time iterations waited for other workers");
  private final Gauge accuracy =
      gauge(
          "dlion_test_accuracy_ratio",
          "Accuracy on the test set, 0 to 1; of regressions the explained share of variance");
  private final Gauge testLoss = gauge("dlion_test_loss", "Mean loss on the test set");
  private final Gauge members =
      gauge("dlion_members", "Members of the cluster that this worker sees, itself included");
  private final Counter transfers =
      Counter.builder()
          .name("dlion_transfers")
          .help("Weights that arrived from other workers, by what became of them")
          .labelNames("worker", "peer", "outcome")
          .register(registry);
  private final Counter notices =
      Counter.builder()
          .name("dlion_notices")
          .help("Messages to people in the log, by severity")
          .labelNames("worker", "severity")
          .register(registry);

  /** Nothing reported yet; memory is told from the start. */
  public WorkerMetrics() {
    ProcessMemory.register(registry);
  }

  private Gauge gauge(String name, String help) {
    return Gauge.builder().name(name).help(help).labelNames("worker").register(registry);
  }

  private Counter counter(String name, String help) {
    return Counter.builder().name(name).help(help).labelNames("worker").register(registry);
  }

  PrometheusRegistry registry() {
    return registry;
  }

  @Override
  public void accept(Report report) {
    String worker = report.worker().name();
    switch (report) {
      case Report.Iteration r -> iteration(worker, r);
      case Report.Sent r -> links.sent(r);
      case Report.Evaluated r -> {
        accuracy.labelValues(worker).set(r.accuracy());
        testLoss.labelValues(worker).set(r.loss());
      }
      case Report.Transfer r ->
          transfers.labelValues(worker, r.from().name(), r.outcome().replaceFirst(":.*", "")).inc();
      case Report.Notice r ->
          notices.labelValues(worker, r.severity().name().toLowerCase(Locale.ROOT)).inc();
    }
  }

  private void iteration(String worker, Report.Iteration report) {
    iteration.labelValues(worker).set((double) report.iteration());
    CounterDataPoint soFar = samples.labelValues(worker);
    soFar.inc(Math.max(0, report.samples() - soFar.get()));
    clusterSamples.labelValues(worker).set((double) report.clusterSamples());
    batch.labelValues(worker).set(report.batchSize());
    globalBatch.labelValues(worker).set(report.globalBatchSize());
    loss.labelValues(worker).set(report.loss());
    staleness.labelValues(worker).set((double) report.staleness());
    compute.labelValues(worker).inc(Math.max(0, report.computeNanos()) * SECONDS_PER_NANO);
    waiting.labelValues(worker).inc(Math.max(0, report.waitNanos()) * SECONDS_PER_NANO);
  }

  /** Who is there now, the worker included; what was said of links to others is forgotten. */
  public void members(WorkerId worker, Set<WorkerId> all) {
    members.labelValues(worker.name()).set(all.size());
    links.keep(worker, all);
  }

  /** A link's round trip was measured. */
  public void roundTrip(WorkerId worker, WorkerId peer, double seconds) {
    links.roundTrip(worker, peer, seconds);
  }
}
