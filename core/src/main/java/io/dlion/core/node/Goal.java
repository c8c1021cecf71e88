package io.dlion.core.node;

/**
 * When a run is over: whichever comes first.
 *
 * @param samples processed by all workers; {@link Long#MAX_VALUE} for no such limit
 * @param nanos since the run began; {@link Long#MAX_VALUE} for no such limit
 * @param accuracy mean test accuracy over workers; above 1 for no such goal
 */
public record Goal(long samples, long nanos, double accuracy) {
  /** No limit at all. */
  public static final Goal NONE = new Goal(Long.MAX_VALUE, Long.MAX_VALUE, 2);
}
