package io.dlion.monitor.prometheus;

import io.dlion.core.WorkerId;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.function.DoubleSupplier;

/** What a worker may send and take at the moment. A direction without a cap has no series. */
final class CapMetrics {
  private static final double BYTES_PER_MBIT = 125_000;

  private CapMetrics() {}

  static void register(
      PrometheusRegistry registry,
      WorkerId worker,
      DoubleSupplier uploadMbit,
      DoubleSupplier downloadMbit) {
    GaugeWithCallback.builder()
        .name("dlion_cap_bytes_per_second")
        .help("What the worker may send (direction upload) or take (download) at the moment")
        .labelNames("worker", "direction")
        .callback(to -> {
          tell(to, worker, "upload", uploadMbit.getAsDouble());
          tell(to, worker, "download", downloadMbit.getAsDouble());
        })
        .register(registry);
  }

  private static void tell(
      GaugeWithCallback.Callback to, WorkerId worker, String direction, double mbit) {
    if (Double.isFinite(mbit)) {
      to.call(mbit * BYTES_PER_MBIT, worker.name(), direction);
    }
  }
}
