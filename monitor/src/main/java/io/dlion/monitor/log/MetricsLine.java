package io.dlion.monitor.log;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.dlion.core.report.Report;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.function.Consumer;

/** One JSON object on one line, in the making. Keys are plain identifiers. Not thread safe. */
final class MetricsLine {
  private static final int DECIMALS = 6;

  private final StringBuilder json = new StringBuilder(256);

  private MetricsLine() {}

  /** A line that says when, who and what. */
  static MetricsLine of(Report report, String kind) {
    return new MetricsLine()
        .putSeconds("t", report.atNanos())
        .put("worker", report.worker().name())
        .put("kind", kind);
  }

  MetricsLine put(String key, String value) {
    key(key).append('"');
    JsonStringEncoder.getInstance().quoteAsString(value, json);
    json.append('"');
    return this;
  }

  MetricsLine put(String key, long value) {
    key(key).append(value);
    return this;
  }

  /** JSON has no NaN and no infinity; they become null. */
  MetricsLine put(String key, double value) {
    StringBuilder text = key(key);
    if (Double.isFinite(value)) {
      text.append(value);
    } else {
      text.append("null");
    }
    return this;
  }

  /** Nanoseconds as seconds with six decimals. */
  MetricsLine putSeconds(String key, long nanos) {
    BigDecimal seconds = BigDecimal.valueOf(nanos, 9).setScale(DECIMALS, RoundingMode.HALF_EVEN);
    key(key).append(seconds.toPlainString());
    return this;
  }

  /** An object of its own, of which at least one field is put. */
  MetricsLine put(String key, Consumer<MetricsLine> fields) {
    MetricsLine inner = new MetricsLine();
    fields.accept(inner);
    key(key).append(inner.json).append('}');
    return this;
  }

  /** A count, or null where it is negative: not known. */
  MetricsLine putKnown(String key, long count) {
    return count < 0 ? put(key, Double.NaN) : put(key, count);
  }

  private StringBuilder key(String key) {
    return json.append(json.isEmpty() ? '{' : ',').append('"').append(key).append("\":");
  }

  /** The object with its line end. */
  @Override
  public String toString() {
    return json + "}\n";
  }
}
