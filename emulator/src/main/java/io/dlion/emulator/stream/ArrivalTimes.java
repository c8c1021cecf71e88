package io.dlion.emulator.stream;

import io.dlion.emulator.environment.SiteStream;

/**
 * When the records of a stream arrive: evenly spaced, each one at a random place of its interval.
 * With the rate λ, record n arrives when {@code ∫λ} has come to n + u, where u in [0, 1) is drawn
 * from the seed and n alone. So any record's time can be asked for, in any order; increasing
 * numbers are fast. Not thread safe.
 */
public final class ArrivalTimes {
  private final SiteStream stream;
  private final long seed;
  private final Walk times = new Walk();
  private final Walk counts = new Walk();

  /** The arrivals of a stream. */
  public ArrivalTimes(SiteStream stream, long seed) {
    this.stream = stream;
    this.seed = seed;
  }

  /**
   * When a record arrives, in nanoseconds since the run began.
   *
   * @return {@link Long#MAX_VALUE} where it never does
   */
  public long nanos(long record) {
    return times.timeOf(record + Draws.of(seed, record));
  }

  /** How many records have arrived by a time, to within one. */
  public long countBy(long nanos) {
    return (long) counts.recordsBy(nanos);
  }

  /** Where the integral of the rate stands at the beginning of a piece of constant rate. */
  private final class Walk {
    private long fromNanos;
    private double records;

    long timeOf(double wanted) {
      if (wanted < records) {
        restart();
      }
      while (true) {
        double perNano = stream.perSecondAt(fromNanos) / 1e9;
        long end = stream.nextChangeNanos(fromNanos);
        if (end == Long.MAX_VALUE && perNano == 0) {
          return Long.MAX_VALUE;
        }
        double atEnd = records + (end - fromNanos) * perNano;
        if (end == Long.MAX_VALUE || atEnd > wanted) {
          return fromNanos + (long) Math.ceil((wanted - records) / perNano);
        }
        fromNanos = end;
        records = atEnd;
      }
    }

    double recordsBy(long nanos) {
      if (nanos < fromNanos) {
        restart();
      }
      while (true) {
        double perNano = stream.perSecondAt(fromNanos) / 1e9;
        long end = stream.nextChangeNanos(fromNanos);
        if (end > nanos) {
          return records + (nanos - fromNanos) * perNano;
        }
        records += (end - fromNanos) * perNano;
        fromNanos = end;
      }
    }

    private void restart() {
      fromNanos = 0;
      records = 0;
    }
  }
}
