package io.dlion.monitor.comparison.trace;

import io.dlion.core.WorkerId;
import java.util.List;

/**
 * What one link carried over the run. Immutable.
 *
 * @param from the sender
 * @param to the receiver
 * @param bytes that went over it, framing included
 * @param busySeconds in which something was on it
 * @param gradients messages with gradients that were put on it
 * @param meanN mean of Max N's N over them; NaN where there were none
 * @param meanShare mean share of the model's entries in them; NaN where there were none
 * @param n Max N's N over time; empty beyond the {@link RunRecorder#LINK_SERIES_MAX}th link
 */
public record LinkTrace(
    WorkerId from,
    WorkerId to,
    long bytes,
    double busySeconds,
    long gradients,
    double meanN,
    double meanShare,
    List<SeriesPoint> n) {
  /** Copies the list. */
  public LinkTrace {
    n = List.copyOf(n);
  }
}
