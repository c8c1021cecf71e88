package io.dlion.monitor.prometheus;

import io.dlion.core.WorkerId;
import io.dlion.core.report.Report;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.StatefulMetric;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.List;
import java.util.Set;

/** Metrics of directed links: those of {@code worker} to {@code peer}. Thread safe. */
final class LinkMetrics {
  private final PrometheusRegistry registry;
  private final Counter messages;
  private final Counter bytes;
  private final Gauge goodput;
  private final Gauge budget;
  private final Gauge n;
  private final Gauge share;
  private final Gauge roundTrip;
  private final List<StatefulMetric<?, ?>> all;

  LinkMetrics(PrometheusRegistry registry) {
    this.registry = registry;
    messages = counter("messages", "Gradients put on the link");
    bytes = counter("sent_bytes", "Encoded bytes of gradients put on the link");
    goodput = gauge("goodput_bytes_per_second", "Measured goodput; 0 before the first measurement");
    budget =
        gauge("budget_bytes", "What the link carries in one iteration; 0 before it was measured");
    n = gauge("max_n_ratio", "Max N's N over 100: entries from 1 - N of the maximum are selected");
    share = gauge("sent_ratio", "Share of the model's entries in the last gradient");
    roundTrip = gauge("round_trip_seconds", "Measured round trip");
    all = List.of(messages, bytes, goodput, budget, n, share, roundTrip);
  }

  private Gauge gauge(String name, String help) {
    return Gauge.builder()
        .name("dlion_link_" + name)
        .help(help)
        .labelNames("worker", "peer")
        .register(registry);
  }

  private Counter counter(String name, String help) {
    return Counter.builder()
        .name("dlion_link_" + name)
        .help(help)
        .labelNames("worker", "peer")
        .register(registry);
  }

  void sent(Report.Sent report) {
    String[] link = {report.worker().name(), report.peer().name()};
    messages.labelValues(link).inc();
    bytes.labelValues(link).inc(report.bytes());
    goodput.labelValues(link).set(report.bytesPerSecond());
    budget.labelValues(link).set((double) report.budgetBytes());
    n.labelValues(link).set(report.n() / 100);
    share.labelValues(link).set(report.share());
  }

  /** There is a link to that peer: what only grows is told from 0 on, as rates of it need. */
  void met(WorkerId worker, WorkerId peer) {
    messages.initLabelValues(worker.name(), peer.name());
    bytes.initLabelValues(worker.name(), peer.name());
  }

  void roundTrip(WorkerId worker, WorkerId peer, double seconds) {
    roundTrip.labelValues(worker.name(), peer.name()).set(seconds);
  }

  /** Forgets a worker's links to all others than these. */
  void keep(WorkerId worker, Set<WorkerId> peers) {
    List<String> kept = peers.stream().map(WorkerId::name).toList();
    all.forEach(metric ->
        metric.removeIf(
            link -> link.getFirst().equals(worker.name()) && !kept.contains(link.get(1))));
  }
}
