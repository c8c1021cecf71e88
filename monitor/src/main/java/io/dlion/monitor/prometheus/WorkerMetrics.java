package io.dlion.monitor.prometheus;

import io.dlion.core.WorkerId;
import io.dlion.core.report.Report;
import io.dlion.core.report.ReportSink;
import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;

/**
 * Metrics of the workers in this process, named as Prometheus wants it: base units, totals for what
 * only grows, and no rates, which queries make of totals. Every series has its {@code worker};
 * those of links have the {@code peer} as well. Thread safe.
 */
public final class WorkerMetrics implements ReportSink {
  private final AtomicReference<Optional<Caps>> caps = new AtomicReference<>(Optional.empty());

  /** What a worker may send and take, in Mbit/s. */
  private record Caps(DoubleSupplier uploadMbit, DoubleSupplier downloadMbit) {}

  private static final double SECONDS_PER_NANO = 1e-9;

  /** What becomes of weights from peers. */
  private static final List<String> OUTCOMES = List.of("merged", "dropped", "caught up");

  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final LinkMetrics links = new LinkMetrics(registry);
  private final ServerMetrics server = new ServerMetrics(registry);
  private final StreamMetrics streams = new StreamMetrics(registry);
  private final Gauge iteration = gauge("dlion_iteration", "Number of the last iteration, from 0");
  private final Counter samples =
      counter(
          "dlion_samples", "Training samples this worker has processed since its process began");
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
  private final Gauge minWorkers = gauge("dlion_min_workers", "Members with which the run begins");
  private final Gauge training =
      gauge("dlion_training", "1 while the worker trains, 0 before and after");
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
  private final Map<WorkerId, Long> samplesBefore = new ConcurrentHashMap<>();
  private volatile Supplier<Map<WorkerId, Map<WorkerId, Double>>> peersOf = Map::of;
  private volatile Optional<Expected> expected = Optional.empty();
  private volatile boolean trains;

  /**
   * What is known of a run before it begins.
   *
   * @param minWorkers members with which it begins
   * @param server whether some worker serves, so that there are commits
   * @param newStream whether workers have streams of which nothing was learned before
   */
  public record Expected(int minWorkers, boolean server, boolean newStream) {}

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

  /**
   * Asks, whenever metrics are read, who is there.
   *
   * @param roundTrips for each worker of this process the peers that it sees, with the round trip
   *     to each in nanoseconds, 0 where that is not known
   */
  public void watch(Supplier<Map<WorkerId, Map<WorkerId, Double>>> roundTrips) {
    peersOf = roundTrips;
  }

  /**
   * Tells what a worker may send and take at the moment, in Mbit/s; infinite without a cap. Of two
   * calls the later counts.
   */
  public void caps(WorkerId worker, DoubleSupplier uploadMbit, DoubleSupplier downloadMbit) {
    if (caps.getAndSet(Optional.of(new Caps(uploadMbit, downloadMbit))).isEmpty()) {
      CapMetrics.register(
          registry,
          worker,
          () -> caps.get().orElseThrow().uploadMbit().getAsDouble(),
          () -> caps.get().orElseThrow().downloadMbit().getAsDouble());
    }
  }

  /** What the workers of this process are about to do. */
  public void expect(Expected run) {
    expected = Optional.of(run);
  }

  /** Whether the workers of this process train at the moment. */
  public void training(boolean now) {
    trains = now;
  }

  /** A worker goes on that had processed so many samples before: they are not this process's. */
  public void resumed(WorkerId worker, long samples) {
    samplesBefore.put(worker, samples);
  }

  /** Everything as it is now. */
  MetricSnapshots scrape() {
    peersOf
        .get()
        .forEach((worker, roundTrips) -> {
          appear(worker);
          meet(worker, roundTrips);
        });
    return registry.scrape();
  }

  /** What only grows is told from 0 on, as rates of it need. */
  private void appear(WorkerId worker) {
    training.labelValues(worker.name()).set(trains ? 1 : 0);
    expected.ifPresent(run -> {
      minWorkers.labelValues(worker.name()).set(run.minWorkers);
      if (run.server) {
        server.appear(worker.name());
      }
      if (run.newStream) {
        streams.appear(worker.name());
      }
    });
    for (Counter counter : List.of(samples, compute, waiting)) {
      counter.initLabelValues(worker.name());
    }
    for (Report.Severity severity : Report.Severity.values()) {
      notices.initLabelValues(worker.name(), label(severity));
    }
  }

  private void meet(WorkerId worker, Map<WorkerId, Double> roundTrips) {
    members.labelValues(worker.name()).set(roundTrips.size() + 1.0);
    links.keep(worker, roundTrips.keySet());
    List<String> peers = roundTrips.keySet().stream().map(WorkerId::name).toList();
    transfers.removeIf(of -> of.getFirst().equals(worker.name()) && !peers.contains(of.get(1)));
    roundTrips.forEach((peer, nanos) -> {
      OUTCOMES.forEach(outcome -> transfers.initLabelValues(worker.name(), peer.name(), outcome));
      links.met(worker, peer);
      if (nanos > 0) {
        links.roundTrip(worker, peer, nanos * SECONDS_PER_NANO);
      }
    });
  }

  private static String label(Report.Severity severity) {
    return severity.name().toLowerCase(Locale.ROOT);
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
      case Report.Committed r -> server.committed(r);
      case Report.Serving r -> server.serving(r);
      case Report.Streamed r -> streams.streamed(r);
      case Report.Drifted r -> streams.drifted(r);
      case Report.Notice r -> notices.labelValues(worker, label(r.severity())).inc();
    }
  }

  private void iteration(String worker, Report.Iteration report) {
    iteration.labelValues(worker).set((double) report.iteration());
    CounterDataPoint soFar = samples.labelValues(worker);
    long here = report.samples() - samplesBefore.getOrDefault(report.worker(), 0L);
    soFar.inc(Math.max(0, here - soFar.get()));
    clusterSamples.labelValues(worker).set((double) report.clusterSamples());
    batch.labelValues(worker).set(report.batchSize());
    globalBatch.labelValues(worker).set(report.globalBatchSize());
    loss.labelValues(worker).set(report.loss());
    staleness.labelValues(worker).set((double) report.staleness());
    compute.labelValues(worker).inc(Math.max(0, report.computeNanos()) * SECONDS_PER_NANO);
    waiting.labelValues(worker).inc(Math.max(0, report.waitNanos()) * SECONDS_PER_NANO);
  }
}
