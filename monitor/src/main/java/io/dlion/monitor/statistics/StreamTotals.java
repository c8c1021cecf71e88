package io.dlion.monitor.statistics;

import io.dlion.core.report.StreamFigures;
import io.dlion.core.report.StreamFigures.Freshness;
import io.dlion.core.report.StreamFigures.Prequential;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/** Adds up how several workers' streams stand. Pure. */
public final class StreamTotals {
  private StreamTotals() {}

  /**
   * The figures of all together. Counts, hashes and rates are sums; the backlog is that of the
   * sources that know theirs. Accuracies are means weighted by records learned, over the workers
   * that have one. Of freshness the median is the mean of the medians, weighted by records, and the
   * 99th percentile is the greatest of any worker: an upper bound.
   *
   * @param all at least one
   * @param live those of them whose accuracies count
   */
  public static StreamFigures of(Collection<StreamFigures> all, Collection<StreamFigures> live) {
    Prequential site = accuracy(live, StreamFigures::site);
    return new StreamFigures(
        sum(all, StreamFigures::learned),
        sum(all, StreamFigures::hash),
        sum(all, StreamFigures::rejected),
        sum(all, StreamFigures::shed),
        sum(all, StreamFigures::tested),
        sum(all, StreamFigures::queued),
        backlog(all),
        sum(all, StreamFigures::replayed),
        all.stream().mapToDouble(StreamFigures::arrivalsPerSecond).sum(),
        site,
        orElse(accuracy(live, StreamFigures::cluster), site),
        freshness(all.stream().map(StreamFigures::freshness).toList()));
  }

  /** The figures of all together, where the accuracies of all count. */
  public static StreamFigures of(Collection<StreamFigures> all) {
    return of(all, all);
  }

  private static long sum(Collection<StreamFigures> all, ToLongFunction<StreamFigures> value) {
    return all.stream().mapToLong(value).sum();
  }

  private static long backlog(Collection<StreamFigures> all) {
    List<Long> known = all.stream().map(StreamFigures::backlog).filter(b -> b >= 0).toList();
    return known.isEmpty() ? -1 : known.stream().mapToLong(Long::longValue).sum();
  }

  private static Prequential accuracy(
      Collection<StreamFigures> all, Function<StreamFigures, Prequential> part) {
    return new Prequential(
        mean(all, f -> part.apply(f).window()),
        mean(all, f -> part.apply(f).fading()),
        mean(all, f -> part.apply(f).overall()));
  }

  /** Records count alike; workers do where no record was learned from. */
  private static double mean(Collection<StreamFigures> all, ToDoubleFunction<StreamFigures> value) {
    List<StreamFigures> known =
        all.stream().filter(f -> Double.isFinite(value.applyAsDouble(f))).toList();
    double weights = known.stream().mapToDouble(StreamFigures::learned).sum();
    return weights > 0
        ? known.stream().mapToDouble(f -> f.learned() * value.applyAsDouble(f)).sum() / weights
        : known.stream().mapToDouble(value).average().orElse(Double.NaN);
  }

  private static Prequential orElse(Prequential first, Prequential other) {
    return new Prequential(
        orElse(first.window(), other.window()),
        orElse(first.fading(), other.fading()),
        orElse(first.overall(), other.overall()));
  }

  private static double orElse(double first, double other) {
    return Double.isFinite(first) ? first : other;
  }

  private static Freshness freshness(List<Freshness> all) {
    List<Freshness> known =
        all.stream().filter(f -> f.records() > 0 && Double.isFinite(f.p50Seconds())).toList();
    long records = known.stream().mapToLong(Freshness::records).sum();
    if (records == 0) {
      return Freshness.NONE;
    }
    return new Freshness(
        records,
        known.stream().mapToDouble(f -> f.records() * f.p50Seconds()).sum() / records,
        known.stream().mapToDouble(Freshness::p99Seconds).max().orElse(Double.NaN));
  }
}
