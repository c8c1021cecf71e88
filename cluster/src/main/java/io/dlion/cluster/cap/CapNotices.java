package io.dlion.cluster.cap;

import java.time.LocalTime;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Tells people when quiet hours begin and end, on a thread of its own. */
public final class CapNotices implements AutoCloseable {
  private static final long LOOK_SECONDS = 1;

  private final ScheduledExecutorService looks =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("dlion-caps").daemon().factory());

  /**
   * Looks from now on, where there are quiet hours.
   *
   * @param clock tells the site's time of day
   * @param say is told, on that thread
   */
  public CapNotices(Caps caps, Supplier<LocalTime> clock, Consumer<String> say) {
    if (!caps.quiet().isEmpty()) {
      CapChanges changes = new CapChanges(caps, clock.get());
      var _ =
          looks.scheduleWithFixedDelay(
              () -> changes.look(clock.get()).ifPresent(say),
              LOOK_SECONDS,
              LOOK_SECONDS,
              TimeUnit.SECONDS);
    }
  }

  @Override
  public void close() {
    looks.shutdownNow();
  }
}
