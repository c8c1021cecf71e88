package io.dlion.monitor.comparison.report;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Where a report comes from. Immutable.
 *
 * @param title of the report
 * @param command that makes it again
 * @param facts what else one must know to make it again (versions, seeds, settings), by name, in
 *     the order they are shown in
 */
public record ReportHeader(String title, String command, Map<String, String> facts) {
  /** Copies the map. */
  public ReportHeader {
    facts = Collections.unmodifiableMap(new LinkedHashMap<>(facts));
  }
}
