package io.dlion.core.wire;

/**
 * When a client is to commit next, and on how many samples it trains until then.
 *
 * @param steps local steps until the next commit; 0 where time decides
 * @param intervalNanos time from an answer to the next commit, of which the client takes off what
 *     its last commit took until it was answered; 0 where steps decide
 * @param leastNanos the least time from an answer to the next commit
 * @param target commits that the client is to make in the present check period; 0 where there are
 *     no periods
 * @param batch samples of a step, at least 1
 */
public record CommitPlan(int steps, long intervalNanos, long leastNanos, int target, int batch) {
  /** Encoded size. */
  static final int BYTES = 4 + 8 + 8 + 4 + 4;

  /** No plan asks for more steps than that. */
  static final int STEPS_MAX = 1_000_000;

  private static final long NANOS_MAX = 1L << 60;

  /** A commit after so many steps. */
  public static CommitPlan afterSteps(int steps, int batch) {
    return new CommitPlan(steps, 0, 0, 0, batch);
  }

  /** The same with another batch. */
  public CommitPlan withBatch(int samples) {
    return new CommitPlan(steps, intervalNanos, leastNanos, target, samples);
  }

  /**
   * Whether a commit is due: by the plan, or because it has as many steps as one can.
   *
   * @param done local steps since the last commit
   * @param sinceNanos time since the last answer
   * @param roundTripNanos what the last commit took until it was answered
   */
  public boolean isDue(int done, long sinceNanos, long roundTripNanos) {
    if (done >= STEPS_MAX) {
      return true;
    }
    return steps > 0
        ? done >= steps
        : done > 0 && sinceNanos >= Math.max(leastNanos, intervalNanos - roundTripNanos);
  }

  int write(byte[] b, int at) {
    Bytes.putInt(b, at, steps);
    Bytes.putLong(b, at + 4, intervalNanos);
    Bytes.putLong(b, at + 12, leastNanos);
    Bytes.putInt(b, at + 20, target);
    Bytes.putInt(b, at + 24, batch);
    return at + BYTES;
  }

  static CommitPlan read(byte[] b, int at) {
    return new CommitPlan(
        Bytes.getInt(b, at),
        Bytes.getLong(b, at + 4),
        Bytes.getLong(b, at + 12),
        Bytes.getInt(b, at + 20),
        Bytes.getInt(b, at + 24));
  }

  boolean isPlausible() {
    return steps >= 0
        && steps <= STEPS_MAX
        && intervalNanos >= 0
        && intervalNanos <= NANOS_MAX
        && leastNanos >= 0
        && leastNanos <= NANOS_MAX
        && (steps > 0 || intervalNanos > 0)
        && target >= 0
        && batch >= 1
        && batch <= 1 << 20;
  }
}
