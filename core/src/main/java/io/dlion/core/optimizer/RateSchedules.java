package io.dlion.core.optimizer;

import io.dlion.core.settings.Settings;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/** The schedules by the word that chooses them in {@code optimizer.schedule}. */
public final class RateSchedules {
  private static final Map<String, Function<Settings, RateSchedule>> ALL =
      Map.of(
          "constant", settings -> new RateSchedule.Constant(),
          "cosine", CosineSchedule::of,
          "warmup-stable-decay", WarmupStableDecay::of);

  private RateSchedules() {}

  /** The schedule that settings choose, with its parameters. */
  public static RateSchedule of(Settings settings) {
    return Objects.requireNonNull(ALL.get(settings.text("optimizer.schedule"))).apply(settings);
  }
}
