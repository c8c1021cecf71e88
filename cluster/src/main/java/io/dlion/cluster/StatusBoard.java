package io.dlion.cluster;

import io.dlion.core.report.Report;
import io.dlion.core.report.ReportSink;

/** Remembers the last of what a worker reports, and passes all on. Safe for several threads. */
final class StatusBoard implements ReportSink {
  private final ReportSink next;
  private volatile Report.Iteration iteration;
  private volatile double accuracy = Double.NaN;

  StatusBoard(Report.Iteration before, ReportSink next) {
    this.iteration = before;
    this.next = next;
  }

  @Override
  public void accept(Report report) {
    switch (report) {
      case Report.Iteration r -> iteration = r;
      case Report.Evaluated r -> accuracy = r.accuracy();
      case Report.Sent _,
          Report.Transfer _,
          Report.Committed _,
          Report.Serving _,
          Report.Notice _ -> {}
    }
    next.accept(report);
  }

  Report.Iteration iteration() {
    return iteration;
  }

  double accuracy() {
    return accuracy;
  }
}
