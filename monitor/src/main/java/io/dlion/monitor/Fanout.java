package io.dlion.monitor;

import io.dlion.core.report.Report;
import io.dlion.core.report.ReportSink;
import java.util.List;

/**
 * Hands each report to several sinks, in their order. Thread safe if they are.
 *
 * @param sinks statistics before the view that shows them
 */
public record Fanout(List<ReportSink> sinks) implements ReportSink {
  /** Copies the list. */
  public Fanout {
    sinks = List.copyOf(sinks);
  }

  /** Hands each report to all of these. */
  public static Fanout of(ReportSink... sinks) {
    return new Fanout(List.of(sinks));
  }

  @Override
  public void accept(Report report) {
    for (ReportSink sink : sinks) {
      sink.accept(report);
    }
  }
}
