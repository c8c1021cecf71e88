package io.dlion.monitor.comparison.trace;

import java.util.List;
import java.util.Optional;

/**
 * What came of a run's streams. Immutable.
 *
 * @param points over time, times strictly ascending; empty where there was no stream
 * @param found the drifts that were found, in their order; at most {@value
 *     io.dlion.monitor.statistics.Drifts#KEPT_MAX}
 * @param foundCount of all that were found
 * @param madeSeconds when the environment made drifts, ascending
 * @param rejected records that were not fit to learn from, of all workers
 * @param shed records that were dropped because a queue was full, of all workers
 */
public record StreamTrace(
    List<PrequentialPoint> points,
    List<DriftPoint> found,
    long foundCount,
    List<Double> madeSeconds,
    long rejected,
    long shed) {
  /** Of a run without a stream. */
  public static final StreamTrace NONE = new StreamTrace(List.of(), List.of(), 0, List.of(), 0, 0);

  /** Copies the lists. */
  public StreamTrace {
    points = List.copyOf(points);
    found = List.copyOf(found);
    madeSeconds = madeSeconds.stream().sorted().toList();
  }

  /** How it stood at the end; empty where there was no stream. */
  public Optional<PrequentialPoint> last() {
    return points.isEmpty() ? Optional.empty() : Optional.of(points.getLast());
  }

  /**
   * For each drift that the environment made the seconds until the window accuracy was back, see
   * {@link Recovery}; NaN where it was not back by the next drift or the end, and where nothing was
   * known before.
   */
  public List<Double> recoveries() {
    return java.util.stream.IntStream.range(0, madeSeconds.size())
        .mapToObj(i -> {
          double until =
              i + 1 < madeSeconds.size() ? madeSeconds.get(i + 1) : Double.POSITIVE_INFINITY;
          return Recovery.of(points, madeSeconds.get(i), until).orElse(Double.NaN);
        })
        .toList();
  }
}
