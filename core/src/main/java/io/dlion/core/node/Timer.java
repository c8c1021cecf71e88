package io.dlion.core.node;

/** The timers of a node; each is set at most once at a time. */
public enum Timer {
  /** The run's time is over. */
  DEADLINE,
  /** Somebody has been waited for long enough to say so. */
  WAITING
}
