package io.dlion.cluster.worker;

import com.sun.management.OperatingSystemMXBean;
import io.dlion.core.WorkerId;
import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleConsumer;
import java.util.function.Supplier;

/** Looks once a second how busy the machine is, and says what each link may be given. */
final class ProcessorWatch implements AutoCloseable {
  private static final long PERIOD_MILLIS = 1000;

  private final OperatingSystemMXBean machine =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
  private final boolean limits;
  private final ProcessorShare share;
  private final Supplier<Map<WorkerId, Double>> links;
  private final DoubleConsumer limit;
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("dlion-processors").daemon().factory());
  private double told = Double.POSITIVE_INFINITY;

  /**
   * One that does not look yet.
   *
   * @param share of the processors that exchange may take while they are busy; 1: no limit
   * @param links what each link carries, in bytes per second
   * @param limit is told what gradients may use of each of them, whenever that changes
   */
  ProcessorWatch(double share, Supplier<Map<WorkerId, Double>> links, DoubleConsumer limit) {
    this.limits = share < 1;
    this.share = new ProcessorShare(share, Runtime.getRuntime().availableProcessors());
    this.links = links;
    this.limit = limit;
  }

  /** Looks from now on. */
  void watch() {
    if (limits) {
      var _ =
          clock.scheduleAtFixedRate(
              this::look, PERIOD_MILLIS, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  private void look() {
    Map<WorkerId, Double> rates = links.get();
    double all = rates.values().stream().mapToDouble(Double::doubleValue).sum();
    if (all > 0) {
      double each = share.observe(machine.getCpuLoad(), all) / rates.size();
      if (each != told) {
        told = each;
        limit.accept(each);
      }
    }
  }

  @Override
  public void close() {
    clock.shutdownNow();
  }
}
