package io.dlion.monitor.view;

import io.dlion.core.WorkerId;
import io.dlion.core.report.Report;
import io.dlion.monitor.statistics.RunStatistics;
import io.dlion.monitor.statistics.WorkerSnapshot;
import java.io.PrintStream;
import java.util.Comparator;
import java.util.Locale;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Plain lines for logs and pipes: what is worth noticing, once; rounds of evaluations, at most
 * every five seconds of the reports' time and the last one; and how the run stands at most every
 * ten. Prints from the thread that reports. Thread safe.
 */
public final class PlainProgress implements Progress {
  private static final long PERIOD_NANOS = 10_000_000_000L;
  private static final long EVALUATION_PERIOD_NANOS = 5_000_000_000L;

  private final PrintStream out;
  private final RunStatistics statistics;
  private final TreeMap<WorkerId, Report.Evaluated> round = new TreeMap<>();
  private final News news = new News();
  private long lastLineNanos;
  private long lastEvaluationNanos = -EVALUATION_PERIOD_NANOS;
  private @Nullable String unsaid;

  PlainProgress(PrintStream out, RunStatistics statistics, String title) {
    this.out = out;
    this.statistics = statistics;
    out.println(Text.printable(title));
    if (statistics.snapshot().endless()) {
      out.println(StreamText.ENDLESS);
    }
  }

  @Override
  public synchronized void accept(Report report) {
    switch (report) {
      case Report.Notice r -> notice(r);
      case Report.Evaluated r -> evaluated(r);
      case Report.Iteration r -> tick(r.atNanos());
      case Report.Serving r -> tick(r.atNanos());
      case Report.Streamed r -> tick(r.atNanos());
      case Report.Drifted r -> drifted(r);
      case Report.Sent _, Report.Transfer _, Report.Committed _ -> {}
    }
  }

  @Override
  public synchronized void say(String line) {
    out.println(Text.printable(line));
  }

  /** Prints what has not been said yet. */
  @Override
  public synchronized void close() {
    sayUnsaid();
    endRound();
    sayUnsaid();
    out.flush();
  }

  private void sayUnsaid() {
    if (unsaid != null) {
      out.println(unsaid);
      unsaid = null;
    }
  }

  private void notice(Report.Notice notice) {
    if (news.is(notice)) {
      line(notice.atNanos(), Text.notice(notice));
    }
  }

  /** The sentence says itself when. */
  private void drifted(Report.Drifted drift) {
    if (news.is(drift)) {
      out.println(StreamText.drift(drift));
    }
  }

  private void line(long atNanos, String text) {
    out.println(at(atNanos, text));
  }

  private static String at(long nanos, String text) {
    return Text.duration(nanos) + "  " + text;
  }

  private void tick(long atNanos) {
    if (atNanos - lastLineNanos >= PERIOD_NANOS) {
      lastLineNanos = atNanos;
      for (String text : StandingText.lines(statistics.snapshot(atNanos))) {
        line(atNanos, text);
      }
    }
  }

  /** A round ends when every worker was heard, or when one is heard again before the others. */
  private void evaluated(Report.Evaluated report) {
    if (round.containsKey(report.worker())) {
      endRound();
    }
    round.put(report.worker(), report);
    boolean all =
        statistics.snapshot().workers().stream()
            .allMatch(w -> round.containsKey(w.worker()) || w.onlyServes());
    if (all) {
      endRound();
    }
  }

  private void endRound() {
    if (!round.isEmpty()) {
      long at = round.values().stream().mapToLong(Report.Evaluated::atNanos).max().orElse(0);
      leaveOutTheServer();
      unsaid = at(at, evaluation());
      round.clear();
      if (at - lastEvaluationNanos >= EVALUATION_PERIOD_NANOS) {
        lastEvaluationNanos = at;
        sayUnsaid();
      }
    }
  }

  /** Means are over those that train. */
  private void leaveOutTheServer() {
    for (WorkerSnapshot worker : statistics.snapshot().workers()) {
      if (worker.onlyServes() && round.size() > 1) {
        round.remove(worker.worker());
      }
    }
  }

  private String evaluation() {
    double accuracy =
        round.values().stream().mapToDouble(Report.Evaluated::accuracy).average().orElse(0);
    double loss = round.values().stream().mapToDouble(Report.Evaluated::loss).average().orElse(0);
    Report.Evaluated worst =
        round.values().stream()
            .min(Comparator.comparingDouble(Report.Evaluated::accuracy))
            .orElseThrow();
    String others =
        round.size() == 1
            ? String.format(Locale.ROOT, " (%s)", worst.worker())
            : String.format(
                Locale.ROOT,
                " mean of %d, worst %.4f (%s)",
                round.size(),
                worst.accuracy(),
                worst.worker());
    return String.format(Locale.ROOT, "test accuracy %.4f%s, loss %.4f", accuracy, others, loss);
  }
}
