package io.dlion.core.node;

/** The timers of a node; {@link Timers} keeps when each is due. */
public enum Timer {
  /** The run's time is over. */
  DEADLINE,

  /** A peer has been waited for long enough to report it. */
  WAITING,

  /** Those whose distances a round has ended without have been waited for long enough. */
  GRACE,

  /** With a server: what is measured or asked for to choose one has had time enough. */
  ELECTION,

  /** With a server: it tells that it serves. */
  HEARTBEAT,

  /** With a server: its method wants to be woken up. */
  METHOD,

  /** With a server: a client whose run is over has waited for the model long enough. */
  CLOSING
}
