package io.dlion.monitor.view;

import io.dlion.core.report.Report;
import io.dlion.core.report.StreamFigures;
import io.dlion.core.report.StreamFigures.Freshness;
import io.dlion.monitor.statistics.RunSnapshot;
import io.dlion.monitor.statistics.StreamSnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How streams stand, and drifts, as people read them. */
final class StreamText {
  /** What stands in place of an end. */
  static final String ENDLESS = "learns until stopped: Ctrl-C";

  private StreamText() {}

  /**
   * In phrases: {@code prequential 87.2 % (cluster 86.9 %)}, {@code 12,345 records learned, 812/s},
   * {@code backlog 1,234, queued 56}, {@code fresh p50 0.8 s p99 2.1 s}, {@code 3 rejected}, {@code
   * 4 shed}; none where there is no stream.
   */
  static List<String> phrases(RunSnapshot run) {
    List<String> phrases = new ArrayList<>();
    run.stream().ifPresent(s -> add(phrases, s));
    if (!phrases.isEmpty() && run.drifts().count() > 0) {
      phrases.add(
          String.format(
              Locale.ROOT,
              run.drifts().count() == 1 ? "%,d drift" : "%,d drifts",
              run.drifts().count()));
    }
    return phrases;
  }

  private static void add(List<String> phrases, StreamSnapshot stream) {
    StreamFigures f = stream.figures();
    if (Double.isFinite(f.cluster().window())) {
      double site = f.site().window();
      phrases.add(
          String.format(
              Locale.ROOT,
              "prequential %s (cluster %s)",
              Double.isFinite(site) ? percent(site) : "-",
              percent(f.cluster().window())));
    }
    phrases.add(
        String.format(
            Locale.ROOT,
            "%,d records learned, %s/s",
            f.learned(),
            rate(stream.learnedPerSecond())));
    phrases.add(
        f.backlog() < 0
            ? String.format(Locale.ROOT, "queued %,d", f.queued())
            : String.format(Locale.ROOT, "backlog %,d, queued %,d", f.backlog(), f.queued()));
    Freshness fresh = f.freshness();
    if (Double.isFinite(fresh.p50Seconds())) {
      phrases.add(
          "fresh p50 " + seconds(fresh.p50Seconds()) + " p99 " + seconds(fresh.p99Seconds()));
    }
    if (f.rejected() > 0) {
      phrases.add(String.format(Locale.ROOT, "%,d rejected", f.rejected()));
    }
    if (f.shed() > 0) {
      phrases.add(String.format(Locale.ROOT, "%,d shed", f.shed()));
    }
  }

  /** {@code 87.2 %}. */
  static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * share);
  }

  private static String rate(double perSecond) {
    return String.format(Locale.ROOT, perSecond < 9.95 ? "%.1f" : "%,.0f", perSecond);
  }

  private static String seconds(double seconds) {
    if (!Double.isFinite(seconds)) {
      return "-";
    }
    return seconds < 99.95
        ? String.format(Locale.ROOT, "%.1f s", seconds)
        : Text.duration((long) (seconds * 1e9));
  }

  /** {@code drift at 3:12: errors of w2 rose from 8 % to 31 %}. */
  static String drift(Report.Drifted drift) {
    String who = drift.cluster() ? "the cluster" : drift.worker().name();
    if (!Double.isFinite(drift.errorBefore()) || !Double.isFinite(drift.errorAfter())) {
      return "drift at " + Text.duration(drift.atNanos()) + ": errors of " + who + " have changed";
    }
    return String.format(
        Locale.ROOT,
        "drift at %s: errors of %s %s from %.0f %% to %.0f %%",
        Text.duration(drift.atNanos()),
        who,
        drift.errorAfter() < drift.errorBefore() ? "fell" : "rose",
        100 * drift.errorBefore(),
        100 * drift.errorAfter());
  }
}
