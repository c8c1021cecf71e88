package io.dlion.core.node;

import io.dlion.core.optimizer.RateSchedule;
import io.dlion.core.settings.Goal;
import java.util.Map;

/**
 * Where a run stands on its schedule of learning rates: by its samples and its time, whichever is
 * further, where the goal limits one of them. Where it limits neither the rate is halved each time
 * {@value #PLATEAU} evaluations in a row have brought nothing better. Confined to its node.
 */
public final class RateControl {
  private static final int PLATEAU = 3;
  private static final String SHARE = "rate-share";

  private final RateSchedule schedule;
  private final Goal goal;
  private final Steering steering;
  private double plateau = 1;

  /**
   * At the beginning of a run.
   *
   * @param steering says what each rate is multiplied by
   */
  public RateControl(RateSchedule schedule, Goal goal, Steering steering) {
    this.schedule = schedule;
    this.goal = goal;
    this.steering = steering;
  }

  /** Whether the rate ever changes. */
  public boolean changes() {
    return schedule.changes() || !steering.equals(Steering.NONE);
  }

  /**
   * The share of the learning rate to take now.
   *
   * @param samples processed by all workers
   * @param nowNanos since the run began
   * @return above 0, at most 1, times the factor
   */
  public double share(long samples, long nowNanos) {
    return scheduled(samples, nowNanos) * steering.rateFactor(nowNanos);
  }

  private double scheduled(long samples, long nowNanos) {
    boolean limited = goal.samples() != Long.MAX_VALUE || goal.nanos() != Long.MAX_VALUE;
    if (!schedule.changes() || !limited) {
      return plateau;
    }
    double progress = Math.max((double) samples / goal.samples(), (double) nowNanos / goal.nanos());
    return schedule.share(Math.min(1, progress));
  }

  /** An evaluation was the {@code without}-th in a row that brought nothing better. */
  public void evaluated(int without) {
    if (schedule.changes() && without > 0 && without % PLATEAU == 0) {
      plateau = Math.max(schedule.last(), plateau / 2);
    }
  }

  /** Adds what is not derived from the goal to a saved state. */
  public void save(Map<String, String> state) {
    if (plateau < 1) {
      state.put(SHARE, Double.toString(plateau));
    }
  }

  /** Resumes with a saved state. */
  public void restore(Map<String, String> state) {
    plateau = Double.parseDouble(state.getOrDefault(SHARE, "1"));
  }
}
