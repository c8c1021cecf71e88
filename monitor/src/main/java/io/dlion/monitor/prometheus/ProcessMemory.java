package io.dlion.monitor.prometheus;

import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** Memory of this process. What libtorch takes is not in the Java heap: the resident set counts. */
final class ProcessMemory {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final String RESIDENT = "VmRSS:";

  private ProcessMemory() {}

  static void register(PrometheusRegistry registry) {
    GaugeWithCallback.builder()
        .name("process_resident_memory_bytes")
        .help("Resident memory size in bytes")
        .callback(to -> residentBytes().ifPresent(bytes -> to.call((double) bytes)))
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

  /** As Linux counts it; empty elsewhere. */
  private static OptionalLong residentBytes() {
    if (!Files.isReadable(STATUS)) {
      return OptionalLong.empty();
    }
    try (Stream<String> lines = Files.lines(STATUS)) {
      return lines
          .filter(line -> line.startsWith(RESIDENT))
          .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", ""))) // "VmRSS: 17 kB"
          .findFirst();
    } catch (IOException e) {
      return OptionalLong.empty();
    }
  }
}
