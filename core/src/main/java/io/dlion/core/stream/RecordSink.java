package io.dlion.core.stream;

import io.dlion.core.report.Report.Severity;

/** Takes what a source brings: the queue of a worker. Safe for several threads. */
public interface RecordSink {
  /**
   * Takes a record. Where the queue is full, this waits, or a record is shed, as the run's settings
   * say.
   */
  void offer(Incoming arrived) throws InterruptedException;

  /** A record was not fit to learn from; it has been put aside and is only counted. */
  void rejected();

  /**
   * What still lies at the source.
   *
   * @param records that have not been offered; -1 where the source does not know
   */
  void backlog(long records);

  /** Something a person should know about the source. */
  void notice(Severity severity, String text);
}
