package io.dlion.monitor.comparison.trace;

/** What a worker can be seen doing. It sends while it does the others. */
public enum Activity {
  /** Computing a gradient. */
  COMPUTING,
  /** Waiting for other workers before the next iteration may start. */
  WAITING,
  /** Evaluating its model on the test set. */
  EVALUATING,
  /** Something of its own is on at least one link. */
  SENDING
}
