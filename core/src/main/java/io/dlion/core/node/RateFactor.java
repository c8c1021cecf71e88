package io.dlion.core.node;

/** What the learning rate is multiplied by, besides the schedule. Confined to its node. */
@FunctionalInterface
public interface RateFactor {
  /** The rate stays as it is. */
  RateFactor ONE = _ -> 1;

  /**
   * The factor at a time.
   *
   * @param nowNanos since the run began
   * @return above 0
   */
  double at(long nowNanos);
}
