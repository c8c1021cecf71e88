package io.dlion.cluster;

import io.dlion.core.report.Report;
import io.dlion.core.report.ReportSink;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Remembers the last of what a worker reports, and passes all on. Safe for several threads. */
final class StatusBoard implements ReportSink {
  private final ReportSink next;
  private volatile Report.Iteration iteration;
  private volatile double accuracy = Double.NaN;
  private volatile WorkerStatus.@Nullable Service service;
  private volatile WorkerStatus.@Nullable Streaming streaming;

  StatusBoard(Report.Iteration before, ReportSink next) {
    this.iteration = before;
    this.next = next;
  }

  @Override
  public void accept(Report report) {
    switch (report) {
      case Report.Iteration r -> iteration = r;
      case Report.Evaluated r -> accuracy = r.accuracy();
      case Report.Committed r -> service = new WorkerStatus.Service(r.server(), r.version());
      case Report.Serving r -> service = new WorkerStatus.Service(r.worker(), r.version());
      case Report.Streamed r ->
          streaming =
              new WorkerStatus.Streaming(
                  r.figures().learned(), r.figures().rejected(), r.figures().site().window());
      case Report.Sent _, Report.Transfer _, Report.Drifted _, Report.Notice _ -> {}
    }
    next.accept(report);
  }

  Report.Iteration iteration() {
    return iteration;
  }

  /** Who serves, as of this worker's last commit or as it serves itself. */
  Optional<WorkerStatus.Service> service() {
    return Optional.ofNullable(service);
  }

  /** How learning from the worker's stream stands. */
  Optional<WorkerStatus.Streaming> streaming() {
    return Optional.ofNullable(streaming);
  }

  double accuracy() {
    return accuracy;
  }
}
