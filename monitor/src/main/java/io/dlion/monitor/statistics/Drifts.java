package io.dlion.monitor.statistics;

import io.dlion.core.report.Report;
import java.util.List;

/**
 * The drifts that were found. Immutable.
 *
 * @param count of all
 * @param kept the first {@value #KEPT_MAX} of them, in the order they were told in
 */
public record Drifts(long count, List<Report.Drifted> kept) {
  /** So many are kept; more could not be looked at anyway. */
  public static final int KEPT_MAX = 1000;

  /** Of a run in which none was found. */
  public static final Drifts NONE = new Drifts(0, List.of());

  /** Copies the list. */
  public Drifts {
    kept = List.copyOf(kept);
  }
}
