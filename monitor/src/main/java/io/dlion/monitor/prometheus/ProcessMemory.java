package io.dlion.monitor.prometheus;

import io.dlion.monitor.ResidentMemory;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;

/** Memory of this process. What libtorch takes is not in the Java heap: the resident set counts. */
final class ProcessMemory {
  private ProcessMemory() {}

  static void register(PrometheusRegistry registry) {
    GaugeWithCallback.builder()
        .name("process_resident_memory_bytes")
        .help("Resident memory size in bytes")
        .callback(to -> ResidentMemory.bytes().ifPresent(bytes -> to.call((double) bytes)))
        .register(registry);
    GaugeWithCallback.builder()
        .name("dlion_heap_used_bytes")
        .help("Java heap in use")
        .callback(to -> {
          Runtime runtime = Runtime.getRuntime();
          to.call((double) (runtime.totalMemory() - runtime.freeMemory()));
        })
        .register(registry);
  }
}
