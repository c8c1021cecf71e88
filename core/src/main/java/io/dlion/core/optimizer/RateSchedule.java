package io.dlion.core.optimizer;

/**
 * The share of the learning rate that a worker takes in the course of a run, as the settings {@code
 * optimizer.schedule} and its parameters say.
 */
public interface RateSchedule {
  /**
   * The share of the learning rate.
   *
   * @param progress how much of the run is over, from 0 to 1
   * @return above 0, at most 1
   */
  double share(double progress);

  /** The share at the end of a run; where the end is not known, plateaus lead there. */
  double last();

  /** Whether the rate ever changes. */
  default boolean changes() {
    return true;
  }

  /**
   * The first steps, whose rate rises linearly.
   *
   * @param warmUp share of the run that this takes
   */
  static double rising(double progress, double warmUp, double least) {
    return progress < warmUp ? least + (1 - least) * progress / warmUp : 1;
  }

  /** The learning rate as it is. */
  record Constant() implements RateSchedule {
    @Override
    public double share(double progress) {
      return 1;
    }

    @Override
    public double last() {
      return 1;
    }

    @Override
    public boolean changes() {
      return false;
    }
  }
}
