package io.dlion.monitor.run;

import io.dlion.core.report.Report;
import io.dlion.core.report.StreamFigures;
import io.dlion.core.report.StreamFigures.Prequential;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What {@code result.json} tells of a stream, of a run or of one worker: prequentialAccuracy (over
 * all records), prequentialWindow, prequentialFading, recordsLearned, recordsHash (16 hexadecimal
 * digits; of a run the sum of its workers', modulo 2⁶⁴), recordsRejected, recordsShed,
 * recordsTested, freshnessSeconds (p50, p99), drifts (seconds, worker, scope). Pure.
 */
final class StreamEntries {
  private StreamEntries() {}

  static Map<String, @Nullable Object> of(
      StreamFigures figures, Prequential accuracy, List<Report.Drifted> drifts) {
    Map<String, @Nullable Object> entries = new LinkedHashMap<>();
    entries.put("prequentialAccuracy", accuracy.overall());
    entries.put("prequentialWindow", accuracy.window());
    entries.put("prequentialFading", accuracy.fading());
    entries.put("recordsLearned", figures.learned());
    entries.put("recordsHash", String.format(Locale.ROOT, "%016x", figures.hash()));
    entries.put("recordsRejected", figures.rejected());
    entries.put("recordsShed", figures.shed());
    entries.put("recordsTested", figures.tested());
    Map<String, @Nullable Object> fresh = new LinkedHashMap<>();
    fresh.put("p50", figures.freshness().p50Seconds());
    fresh.put("p99", figures.freshness().p99Seconds());
    entries.put("freshnessSeconds", fresh);
    entries.put("drifts", drifts.stream().map(StreamEntries::drift).toList());
    return entries;
  }

  private static Map<String, Object> drift(Report.Drifted drift) {
    Map<String, Object> entry = new LinkedHashMap<>();
    entry.put("seconds", drift.atNanos() / 1e9);
    entry.put("worker", drift.worker().name());
    entry.put("scope", drift.cluster() ? "cluster" : "site");
    return entry;
  }
}
