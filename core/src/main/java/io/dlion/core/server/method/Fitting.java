package io.dlion.core.server.method;

import io.dlion.core.settings.Goal;
import io.dlion.core.settings.Settings;

/** Times that a method needs and that settings may leave open. */
final class Fitting {
  /** The papers' period. */
  private static final double SECONDS = 60;

  /** What stands in for it where a run has no limit of time: it may be a short one. */
  private static final double OPEN_SECONDS = 10;

  /** In less nothing can be told from a few commits. */
  private static final double LEAST_SECONDS = 2;

  private Fitting() {}

  /** A time that settings give; 0 where it is {@code auto}. */
  static double seconds(Settings settings, String key) {
    return settings.isAuto(key) ? 0 : settings.number(key);
  }

  /**
   * A time as given, or the papers' 60 s but at most a share of the run; 10 s where the run has no
   * limit of time.
   */
  static long nanos(double seconds, double share, Goal goal) {
    if (seconds > 0) {
      return Math.max(1, (long) (seconds * 1e9));
    }
    return (long)
        (goal.nanos() == Long.MAX_VALUE
            ? OPEN_SECONDS * 1e9
            : Math.clamp(goal.nanos() * share, LEAST_SECONDS * 1e9, SECONDS * 1e9));
  }
}
