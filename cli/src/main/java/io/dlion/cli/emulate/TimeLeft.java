package io.dlion.cli.emulate;

import io.dlion.core.Phrase;
import io.dlion.monitor.comparison.trace.SeedRun;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Counts runs that are done and tells about how long the others will take: by the wall time that a
 * virtual second has taken so far. Runs may end at a target before their time: of those to come as
 * many are expected to as did of those that could last as long, or nearly. Thread safe.
 */
public final class TimeLeft {
  private static final double MINUTE_SECONDS = 60;
  private static final double HOUR_SECONDS = 3600;
  private static final double MINUTES_MAX = 90;

  private final int atOnce;
  private final Map<Double, Integer> open = new TreeMap<>(); // runs by seconds; guarded by this
  private int all;
  private int done;
  private double wallSeconds;
  private double virtualSeconds;
  private final NavigableMap<Double, Ended> ended = new TreeMap<>(); // by seconds; guarded by this

  /**
   * How runs that may last equally long ended.
   *
   * @param runs how many
   * @param targets how many of them ended at the target
   * @param secondsToTargets of these together
   */
  private record Ended(int runs, int targets, double secondsToTargets) {
    static final Ended NONE = new Ended(0, 0, 0);

    /** The first at a target are the fastest: a run is thought of that takes so much longer. */
    private static final double SLOWER = 2;

    Ended with(SeedRun run) {
      return run.endedAtTarget()
          ? new Ended(runs + 1, targets + 1, secondsToTargets + run.seconds())
          : new Ended(runs + 1, targets, secondsToTargets);
    }

    /** How long another is expected to last. */
    double seconds(double most) {
      if (targets == 0) {
        return most;
      }
      double another = Math.min(most, SLOWER * secondsToTargets / targets);
      return (secondsToTargets + (runs - targets) * most + another) / (runs + 1);
    }
  }

  /** Nothing to do yet; so many runs will be under way at a time. */
  public TimeLeft(int atOnce) {
    this.atOnce = atOnce;
  }

  /**
   * There will be so many runs more.
   *
   * @param runs negative: so many fewer
   * @param seconds virtual time of each at most
   */
  public synchronized void expect(int runs, double seconds) {
    all += runs;
    open.merge(seconds, runs, Integer::sum);
  }

  /** One of them was done before. */
  public synchronized void kept(double seconds) {
    done++;
    open.merge(seconds, -1, Integer::sum);
  }

  /** One of them is done now, after so much wall time. */
  public synchronized void done(double seconds, SeedRun run, double itsWallSeconds) {
    kept(seconds);
    wallSeconds += itsWallSeconds;
    virtualSeconds += run.seconds();
    ended.put(seconds, ended.getOrDefault(seconds, Ended.NONE).with(run));
  }

  /** {@code 12/45}: so many of so many are done. */
  public synchronized String count() {
    return Phrase.of("%3d/%d", done, all);
  }

  /** {@code , about 8 min left}; empty where nothing is left, or nothing is known yet. */
  public synchronized String text() {
    double left = 0;
    for (Map.Entry<Double, Integer> some : open.entrySet()) {
      Map.Entry<Double, Ended> like = ended.floorEntry(some.getKey());
      double each = like == null ? some.getKey() : like.getValue().seconds(some.getKey());
      left += some.getValue() * each;
    }
    if (left <= 0 || virtualSeconds <= 0) {
      return "";
    }
    return ", about " + duration(left * wallSeconds / virtualSeconds / atOnce) + " left";
  }

  private static String duration(double seconds) {
    if (seconds < MINUTE_SECONDS) {
      return Phrase.of("%.0f s", Math.max(1, seconds));
    }
    double minutes = seconds / MINUTE_SECONDS;
    return minutes < MINUTES_MAX
        ? Phrase.of("%.0f min", minutes)
        : Phrase.of("%.1f h", seconds / HOUR_SECONDS);
  }
}
