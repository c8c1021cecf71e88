package io.dlion.monitor.log;

import io.dlion.core.WorkerId;
import io.dlion.core.report.Report;
import java.util.TreeMap;

/** Makes lines of one worker's reports. Guarded by the lock of its {@link MetricsLog}. */
final class WorkerLines {
  private static final int EVENTS_PER_SECOND_MAX = 20;
  private static final long SECOND_NANOS = 1_000_000_000L;

  private final LineWriter writer;
  private final IterationSum iterations = new IterationSum();
  private final TreeMap<WorkerId, SentSum> links = new TreeMap<>();
  private final CommitSum commits = new CommitSum();
  private final ServingLines serving = new ServingLines();
  private final StreamLines streams = new StreamLines();
  private long secondBeganNanos;
  private int eventsThisSecond;
  private long suppressed;

  WorkerLines(LineWriter writer) {
    this.writer = writer;
  }

  void add(Report report) {
    switch (report) {
      case Report.Iteration r -> iterations.add(r).ifPresent(writer::write);
      case Report.Sent r ->
          links.computeIfAbsent(r.peer(), _ -> new SentSum()).add(r).ifPresent(writer::write);
      case Report.Evaluated r ->
          writer.write(
              MetricsLine.of(r, "evaluated")
                  .put("iteration", r.iteration())
                  .put("clusterSamples", r.clusterSamples())
                  .put("accuracy", r.accuracy())
                  .put("loss", r.loss())
                  .putSeconds("tookSeconds", r.tookNanos()));
      case Report.Transfer r ->
          event(
              MetricsLine.of(r, "transfer")
                  .put("from", r.from().name())
                  .put("round", r.round())
                  .put("lambda", r.lambda())
                  .putSeconds("ageSeconds", r.ageNanos())
                  .put("outcome", r.outcome()),
              r.atNanos());
      case Report.Committed r -> commits.add(r).ifPresent(writer::write);
      case Report.Serving r -> serving.heard(r).ifPresent(writer::write);
      case Report.Streamed r -> streams.add(r).ifPresent(writer::write);
      case Report.Drifted r -> event(StreamLines.drift(r), r.atNanos());
      case Report.Notice r ->
          event(
              MetricsLine.of(r, "notice")
                  .put("severity", severity(r.severity()))
                  .put("text", r.text()),
              r.atNanos());
    }
  }

  private static String severity(Report.Severity severity) {
    return switch (severity) {
      case INFO -> "info";
      case WARNING -> "warning";
      case ERROR -> "error";
    };
  }

  private void event(MetricsLine line, long atNanos) {
    if (atNanos - secondBeganNanos >= SECOND_NANOS) {
      secondBeganNanos = atNanos;
      eventsThisSecond = 0;
    }
    if (eventsThisSecond >= EVENTS_PER_SECOND_MAX) {
      suppressed++;
      return;
    }
    eventsThisSecond++;
    if (suppressed > 0) {
      line.put("suppressed", suppressed);
      suppressed = 0;
    }
    writer.write(line);
  }

  /** Writes the intervals that have not ended. */
  void end() {
    iterations.take().ifPresent(writer::write);
    commits.take().ifPresent(writer::write);
    serving.take().ifPresent(writer::write);
    streams.take().ifPresent(writer::write);
    links.values().forEach(link -> link.take().ifPresent(writer::write));
  }
}
