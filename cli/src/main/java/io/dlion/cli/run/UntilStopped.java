package io.dlion.cli.run;

import io.dlion.core.report.Report;
import io.dlion.core.report.Report.Severity;
import io.dlion.core.report.ReportSink;
import java.util.function.BooleanSupplier;

/**
 * Hands reports on, but no warnings once somebody has asked to stop: that workers leave is what was
 * asked for. What could not be saved is said at the very end.
 */
record UntilStopped(ReportSink next, BooleanSupplier stopping) implements ReportSink {
  @Override
  public void accept(Report report) {
    boolean warning = report instanceof Report.Notice n && n.severity() == Severity.WARNING;
    if (!warning || !stopping.getAsBoolean()) {
      next.accept(report);
    }
  }
}
