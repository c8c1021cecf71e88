package io.dlion.core.node;

/** The timers of a node; {@link Timers} keeps when each is due. */
public enum Timer {
  /** The run's time is over. */
  DEADLINE,

  /** A peer has been waited for long enough to report it. */
  WAITING
}
