package io.dlion.monitor.prometheus;

import io.dlion.core.report.Report;
import io.dlion.core.report.StreamFigures;
import io.dlion.core.report.StreamFigures.Prequential;
import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.List;

/**
 * Metrics of streams. Series begin with the first report of a stream. Counts of records are over
 * all restarts, as the checkpoint keeps them. A gauge whose value is not known has no series.
 * Thread safe.
 */
final class StreamMetrics {
  private static final String SITE = "site";
  private static final String CLUSTER = "cluster";

  private final PrometheusRegistry registry;
  private final Counter learned;
  private final Counter rejected;
  private final Counter shed;
  private final Counter drifts;
  private final Gauge queue;
  private final Gauge backlog;
  private final Gauge arrivals;
  private final Gauge prequential;
  private final Gauge freshness;

  StreamMetrics(PrometheusRegistry registry) {
    this.registry = registry;
    learned = counter("dlion_stream_records_learned", "Records of the stream learned from");
    rejected = counter("dlion_stream_records_rejected", "Records that were not fit to learn from");
    shed = counter("dlion_stream_records_shed", "Records dropped because the queue was full");
    drifts =
        counter("dlion_stream_drifts", "Drifts found since the process began, by scope", "scope");
    queue = gauge("dlion_stream_queue_records", "Records that wait here to be learned from");
    backlog =
        gauge("dlion_stream_backlog_records", "Records that lie at the source, where it knows");
    arrivals = gauge("dlion_stream_arrivals_per_second", "Records that arrive, lately");
    prequential =
        gauge(
            "dlion_stream_prequential_accuracy",
            "Accuracy of predictions made before learning, 0 to 1; of regressions the explained"
                + " share of variance",
            "scope",
            "kind");
    freshness =
        gauge(
            "dlion_stream_freshness_seconds",
            "From a record's arrival until every live worker's model has learned from it",
            "quantile");
  }

  private Gauge gauge(String name, String help, String... labels) {
    return Gauge.builder().name(name).help(help).labelNames(withWorker(labels)).register(registry);
  }

  private Counter counter(String name, String help, String... labels) {
    return Counter.builder()
        .name(name)
        .help(help)
        .labelNames(withWorker(labels))
        .register(registry);
  }

  private static String[] withWorker(String... labels) {
    String[] all = new String[labels.length + 1];
    all[0] = "worker";
    System.arraycopy(labels, 0, all, 1, labels.length);
    return all;
  }

  /** What only grows is told from 0 on, where nothing was learned in an earlier process. */
  void appear(String worker) {
    for (Counter counter : List.of(learned, rejected, shed)) {
      counter.initLabelValues(worker);
    }
    drifts.initLabelValues(worker, SITE);
    drifts.initLabelValues(worker, CLUSTER);
  }

  void streamed(Report.Streamed report) {
    String worker = report.worker().name();
    StreamFigures f = report.figures();
    rise(learned.labelValues(worker), f.learned());
    rise(rejected.labelValues(worker), f.rejected());
    rise(shed.labelValues(worker), f.shed());
    drifts.initLabelValues(worker, SITE);
    drifts.initLabelValues(worker, CLUSTER);
    set(queue, (double) f.queued(), worker);
    set(backlog, f.backlog() < 0 ? Double.NaN : (double) f.backlog(), worker);
    set(arrivals, f.arrivalsPerSecond(), worker);
    accuracies(worker, SITE, f.site());
    accuracies(worker, CLUSTER, f.cluster());
    set(freshness, f.freshness().p50Seconds(), worker, "0.5");
    set(freshness, f.freshness().p99Seconds(), worker, "0.99");
  }

  private void accuracies(String worker, String scope, Prequential accuracy) {
    set(prequential, accuracy.window(), worker, scope, "window");
    set(prequential, accuracy.fading(), worker, scope, "fading");
    set(prequential, accuracy.overall(), worker, scope, "overall");
  }

  void drifted(Report.Drifted report) {
    drifts.labelValues(report.worker().name(), report.cluster() ? CLUSTER : SITE).inc();
  }

  /** A total that is told as a whole, and only grows. */
  private static void rise(CounterDataPoint counter, long total) {
    counter.inc(Math.max(0, total - counter.get()));
  }

  private static void set(Gauge gauge, double value, String... labels) {
    if (Double.isFinite(value)) {
      gauge.labelValues(labels).set(value);
    } else {
      gauge.remove(labels);
    }
  }
}
