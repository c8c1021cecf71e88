package io.dlion.core.report;

/**
 * Takes reports from all workers of a run. Implementations are thread safe, return soon and never
 * throw.
 */
@FunctionalInterface
public interface ReportSink {
  /** Takes one report. */
  void accept(Report report);
}
