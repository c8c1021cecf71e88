package io.dlion.core.stream;

/**
 * What has become of the records of a stream, since it was begun.
 *
 * @param arrived records that have come, without those that were rejected
 * @param learned records that were learned from
 * @param hash the sum of the hashes of those
 * @param rejected records that were not fit to learn from
 * @param shed records that were dropped because the queue was full
 * @param tested records that were kept to evaluate with
 * @param queued records that wait
 * @param backlog records that still lie at the source; -1 where it does not know
 * @param replayed examples that were learned from again
 */
public record Intake(
    long arrived,
    long learned,
    long hash,
    long rejected,
    long shed,
    long tested,
    long queued,
    long backlog,
    long replayed) {
  /** Nothing has come. */
  public static final Intake NONE = new Intake(0, 0, 0, 0, 0, 0, 0, -1, 0);
}
