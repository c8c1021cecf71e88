package io.dlion.monitor.prometheus;

import io.dlion.core.report.Report;
import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.List;

/**
 * Metrics of clients and their server. Series begin with the first report of a commit, or of a
 * server; those of a server end when it sends commits to another. Thread safe.
 */
final class ServerMetrics {
  private static final double SECONDS_PER_NANO = 1e-9;

  private final PrometheusRegistry registry;
  private final Counter commits;
  private final Counter bytes;
  private final Gauge steps;
  private final Gauge roundTrip;
  private final Gauge periodCommits;
  private final Gauge periodTarget;
  private final Gauge version;
  private final Counter applied;
  private final Gauge loss;
  private final Gauge target;
  private final Gauge reward;
  private final Gauge momentum;
  private final Counter searches;

  ServerMetrics(PrometheusRegistry registry) {
    this.registry = registry;
    commits = counter("dlion_commits", "Commits that left this client since its process began");
    bytes = counter("dlion_commit_sent_bytes", "Encoded bytes of commits that left over a link");
    steps = gauge("dlion_commit_steps", "Local steps in this client's last commit");
    roundTrip =
        gauge(
            "dlion_commit_round_trip_seconds",
            "Time from a commit until its answer was here, as of the last one answered");
    periodCommits =
        gauge("dlion_period_commits", "Commits of this client in the present check period");
    periodTarget =
        gauge(
            "dlion_period_commits_target",
            "Commits this client is to have made by the end of the check period");
    version = gauge("dlion_server_version", "Version of the global model; told by who serves");
    applied = counter("dlion_server_commits", "Commits of all clients this server has applied");
    loss = gauge("dlion_server_loss", "Loss of the global model as the clients' batches tell it");
    target =
        gauge(
            "dlion_commit_target",
            "Commits of each client in a check period, or steps between two commits");
    reward = gauge("dlion_commit_search_reward", "Reward of the search's last probe");
    momentum = gauge("dlion_implicit_momentum", "Implicit momentum of the global model's updates");
    searches = counter("dlion_commit_searches", "Searches for a rate of commits that were begun");
  }

  private Gauge gauge(String name, String help) {
    return Gauge.builder().name(name).help(help).labelNames("worker").register(registry);
  }

  private Counter counter(String name, String help) {
    return Counter.builder().name(name).help(help).labelNames("worker").register(registry);
  }

  /** What only grows is told from 0 on. Any worker may come to serve. */
  void appear(String worker) {
    for (Counter counter : List.of(commits, bytes, applied, searches)) {
      counter.initLabelValues(worker);
    }
  }

  void committed(Report.Committed report) {
    String worker = report.worker().name();
    commits.labelValues(worker).inc();
    bytes.labelValues(worker).inc((double) Math.max(0, report.bytes()));
    steps.labelValues(worker).set(report.steps());
    if (report.roundTripNanos() > 0) {
      roundTrip.labelValues(worker).set(report.roundTripNanos() * SECONDS_PER_NANO);
    }
    if (report.periodTarget() > 0) {
      periodCommits.labelValues(worker).set(report.periodCommits());
      periodTarget.labelValues(worker).set(report.periodTarget());
    }
    if (!report.server().equals(report.worker())) {
      for (Gauge gauge : List.of(version, loss, target, reward, momentum)) {
        gauge.remove(worker);
      }
    }
  }

  void serving(Report.Serving report) {
    String worker = report.worker().name();
    version.labelValues(worker).set((double) report.version());
    rise(applied.labelValues(worker), report.commits());
    rise(searches.labelValues(worker), report.searches());
    set(loss, worker, report.loss());
    if (report.commitTarget() > 0) {
      target.labelValues(worker).set(report.commitTarget());
    }
    set(reward, worker, report.reward());
    set(momentum, worker, report.implicitMomentum());
  }

  /** A total that is told as a whole, and only grows. */
  private static void rise(CounterDataPoint counter, long total) {
    counter.inc(Math.max(0, total - counter.get()));
  }

  private static void set(Gauge gauge, String worker, double value) {
    if (Double.isFinite(value)) {
      gauge.labelValues(worker).set(value);
    }
  }
}
