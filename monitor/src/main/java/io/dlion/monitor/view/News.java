package io.dlion.monitor.view;

import io.dlion.core.report.Report;
import io.dlion.core.report.Report.Severity;
import java.util.HashSet;
import java.util.Set;

/**
 * Tells what is new from what another worker has said in the same words: a decision that all take
 * is reported by each. Warnings and errors are always news. Not thread safe.
 */
final class News {
  private final Set<String> said = new HashSet<>();

  boolean is(Report.Notice notice) {
    return notice.severity() != Severity.INFO || said.add(notice.text());
  }
}
