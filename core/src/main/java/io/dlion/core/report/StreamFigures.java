package io.dlion.core.report;

/**
 * How a worker's learning from its stream stands. Counts are since the stream was begun, over all
 * restarts.
 *
 * @param learned records that were learned from
 * @param hash of them: the sum of the hashes of their contents, so that order does not matter
 * @param rejected records that were not fit to learn from
 * @param shed records that were dropped because the queue was full
 * @param tested records that were kept to evaluate with, and not learned from
 * @param queued records that have arrived and wait to be learned from
 * @param backlog records that still lie at the source; -1 where it does not know
 * @param replayed examples that were learned from again
 * @param arrivalsPerSecond records that arrive, lately
 * @param site accuracy of this worker's predictions of records before it learned from them
 * @param cluster the same over all live workers
 * @param freshness from arrival to the moment when the models of all live workers have learned from
 *     a record
 */
public record StreamFigures(
    long learned,
    long hash,
    long rejected,
    long shed,
    long tested,
    long queued,
    long backlog,
    long replayed,
    double arrivalsPerSecond,
    Prequential site,
    Prequential cluster,
    Freshness freshness) {
  /**
   * Prequential accuracy: each record is predicted before it is learned from (Gama, Sebastião and
   * Rodrigues, Machine Learning 90, 2013). A share in [0, 1]; R² for regressions; NaN before the
   * first record.
   *
   * @param window over the last records
   * @param fading over all, old ones counting less and less
   * @param overall over all, each counting alike
   */
  public record Prequential(double window, double fading, double overall) {
    /** Nothing was predicted. */
    public static final Prequential NONE = new Prequential(Double.NaN, Double.NaN, Double.NaN);
  }

  /**
   * From the arrival of a record at one site to the first moment when every live worker's model has
   * learned from it.
   *
   * @param records that every model has learned from
   * @param p50Seconds median over them; NaN before the first
   * @param p99Seconds 99th percentile; NaN before the first
   */
  public record Freshness(long records, double p50Seconds, double p99Seconds) {
    /** No record is in every model. */
    public static final Freshness NONE = new Freshness(0, Double.NaN, Double.NaN);
  }
}
