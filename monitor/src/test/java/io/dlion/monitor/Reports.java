package io.dlion.monitor;

import io.dlion.core.WorkerId;
import io.dlion.core.report.Report;
import io.dlion.core.report.StreamFigures;

/** Reports with little to say. */
public final class Reports {
  public static final WorkerId W1 = new WorkerId("w1");
  public static final WorkerId W2 = new WorkerId("w2");
  public static final WorkerId W3 = new WorkerId("w3");
  public static final long SECOND = 1_000_000_000L;

  private Reports() {}

  static long seconds(double seconds) {
    return Math.round(seconds * SECOND);
  }

  /** Ends after computing 0.1 s without waiting. */
  public static Report.Iteration iteration(
      WorkerId worker, double atSeconds, long iteration, int batch, double loss, long samples) {
    return new Report.Iteration(
        worker,
        seconds(atSeconds),
        iteration,
        batch,
        3 * batch,
        loss,
        seconds(0.1),
        0,
        samples,
        samples,
        0,
        2);
  }

  public static Report.Sent sent(WorkerId worker, double atSeconds, WorkerId peer, long bytes) {
    return new Report.Sent(worker, seconds(atSeconds), peer, 1, 12.5, 0.04, bytes, 3000, 2.5e6);
  }

  public static Report.Evaluated evaluated(WorkerId worker, double atSeconds, double accuracy) {
    return new Report.Evaluated(
        worker, seconds(atSeconds), 9, 900, accuracy, 1 - accuracy, seconds(0.25));
  }

  /** The client's next commit after 12 steps, to w1. */
  public static Report.Committed committed(
      WorkerId worker, double atSeconds, long commits, int periodCommits, int periodTarget) {
    return new Report.Committed(
        worker,
        seconds(atSeconds),
        W1,
        40,
        12,
        commits,
        periodCommits,
        periodTarget,
        worker.equals(W1) ? 0 : 1500,
        commits == 1 ? 0 : seconds(0.25));
  }

  /** With a probe of which nothing is known yet. */
  public static Report.Serving serving(
      WorkerId worker, double atSeconds, long commits, int target, String search) {
    return new Report.Serving(
        worker, seconds(atSeconds), commits, commits, 0.5, target, search, 0.0213, 0.361, 1);
  }

  /** Two records rejected, five queued, a backlog of 1,200; fresh after 0.8 s, 2.1 s at most. */
  public static Report.Streamed streamed(
      WorkerId worker, double atSeconds, long learned, double site, double cluster) {
    return new Report.Streamed(
        worker,
        seconds(atSeconds),
        new StreamFigures(
            learned,
            learned * 3,
            2,
            0,
            10,
            5,
            1200,
            40,
            31.5,
            new StreamFigures.Prequential(site, site - 0.01, site - 0.02),
            new StreamFigures.Prequential(cluster, cluster - 0.01, cluster - 0.02),
            new StreamFigures.Freshness(learned, 0.8, 2.1)));
  }

  /** Of a stream that has just begun: nothing is known. */
  public static Report.Streamed streamedNothing(WorkerId worker, double atSeconds) {
    return new Report.Streamed(
        worker,
        seconds(atSeconds),
        new StreamFigures(
            0,
            0,
            0,
            0,
            0,
            0,
            -1,
            0,
            0,
            StreamFigures.Prequential.NONE,
            StreamFigures.Prequential.NONE,
            StreamFigures.Freshness.NONE));
  }

  /** From 8 % of errors to 31 %. */
  public static Report.Drifted drifted(WorkerId worker, double atSeconds, boolean cluster) {
    return new Report.Drifted(worker, seconds(atSeconds), cluster, 0.08, 0.31);
  }

  public static Report.Notice notice(
      WorkerId worker, double atSeconds, Report.Severity severity, String text) {
    return new Report.Notice(worker, seconds(atSeconds), severity, text);
  }
}
