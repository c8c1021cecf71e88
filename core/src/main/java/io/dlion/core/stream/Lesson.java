package io.dlion.core.stream;

import io.dlion.core.learn.Score;

/**
 * What a batch drawn from a stream was made of. Immutable.
 *
 * <p>Its first examples are <em>fresh</em>: records that were never learned from. The model
 * predicted them before it learned from them.
 */
public final class Lesson {
  private final long[] arrivalNanos;
  private final Score score;
  private final Intake intake;
  private final long paceNanos;

  private Lesson(long[] arrivalNanos, Score score, Intake intake, long paceNanos) {
    this.arrivalNanos = arrivalNanos;
    this.score = score;
    this.intake = intake;
    this.paceNanos = paceNanos;
  }

  /**
   * A batch.
   *
   * @param arrivalNanos of its fresh records, on the clock of the run; may be negative
   * @param score how they were predicted
   * @param intake where the stream stands with them learned
   */
  public static Lesson of(long[] arrivalNanos, Score score, Intake intake) {
    return new Lesson(arrivalNanos.clone(), score, intake, 0);
  }

  /** The same, but the batch is taken to cost at least so much when batches are divided. */
  public Lesson paced(long nanos) {
    return new Lesson(arrivalNanos, score, intake, nanos);
  }

  /** Number of fresh records. */
  public int fresh() {
    return arrivalNanos.length;
  }

  /** When a fresh record arrived, on the clock of the run; may be negative. */
  public long arrivalNanos(int i) {
    return arrivalNanos[i];
  }

  /** How the fresh records were predicted. */
  public Score score() {
    return score;
  }

  /** Where the stream stands with them learned. */
  public Intake intake() {
    return intake;
  }

  /** What the batch is taken to cost at least when batches are divided. */
  public long paceNanos() {
    return paceNanos;
  }
}
