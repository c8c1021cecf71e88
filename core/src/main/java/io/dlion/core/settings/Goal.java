package io.dlion.core.settings;

/**
 * When a run is over: whichever comes first.
 *
 * @param samples processed by all workers; {@link Long#MAX_VALUE} for no such limit
 * @param nanos since the run began; {@link Long#MAX_VALUE} for no such limit
 * @param accuracy mean test accuracy over workers; above 1 for no such goal
 * @param patience evaluations in a row without a better result, counted by each worker; the run
 *     ends when all have as many; 0 for no such limit
 */
public record Goal(long samples, long nanos, double accuracy, int patience) {
  /** No limit at all. */
  public static final Goal NONE = new Goal(Long.MAX_VALUE, Long.MAX_VALUE, 2);

  /** A goal without a limit of patience. */
  public Goal(long samples, long nanos, double accuracy) {
    this(samples, nanos, accuracy, 0);
  }
}
