package io.dlion.cli.emulate;

import io.dlion.cli.console.Console;
import io.dlion.core.WorkerId;
import io.dlion.core.report.Report;
import io.dlion.core.report.ReportSink;
import io.dlion.monitor.comparison.trace.SeedRun;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SequencedSet;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * One line about the runs under way, redrawn on a terminal, and one for each that has ended. Thread
 * safe.
 */
final class EmulationProgress implements AutoCloseable {
  private static final long REDRAW_NANOS = 200_000_000;
  private static final String CLEAR = "\r\033[K";

  private final Console console;
  private final double budgetSeconds;
  private final int runs;
  private final SequencedSet<Line> underWay = new LinkedHashSet<>();
  private int done;
  private long drawnNanos;

  EmulationProgress(Console console, EmulationRequest request) {
    this.console = console;
    this.budgetSeconds = request.budget().toNanos() / 1e9;
    int each = request.variants().size() * request.seeds().size();
    int ideal = request.ideal() ? IdealBound.triedMax() + request.seeds().size() - 1 : 0;
    int bounds = (int) request.environments().stream().filter(e -> !e.hasStreams()).count();
    this.runs = request.environments().size() * each + bounds * ideal;
  }

  /** How many runs there will be. */
  int runs() {
    return runs;
  }

  /** Prints a line. */
  synchronized void say(String line) {
    clear();
    console.out().println(line);
    console.out().flush();
  }

  /** A run begins. */
  synchronized Line begin(String environment, String method, long seed) {
    Line line =
        new Line(String.format(Locale.ROOT, "%-14s %-12s seed %-3d", environment, method, seed));
    underWay.add(line);
    return line;
  }

  /** Draws the run that is under way for longest, now and then. */
  private synchronized void draw() {
    long now = System.nanoTime();
    if (now - drawnNanos > REDRAW_NANOS) {
      drawnNanos = now;
      int more = underWay.size() - 1;
      console
          .out()
          .print(
              CLEAR
                  + String.format(Locale.ROOT, "%3d/%d  ", done + 1, runs)
                  + underWay.getFirst().text(now)
                  + (more > 0 ? ", and " + more + " more" : ""));
      console.out().flush();
    }
  }

  private synchronized void end(Line line, SeedRun run, boolean stopped) {
    if (stopped) {
      say("stopped  " + line.summary(run));
      return;
    }
    done++;
    say(String.format(Locale.ROOT, "%3d/%d  %s", done, runs, line.summary(run)));
  }

  private synchronized void remove(Line line) {
    underWay.remove(line);
  }

  /** Takes the line about the runs under way off the screen. */
  synchronized void clear() {
    if (console.terminal()) {
      console.out().print(CLEAR);
    }
  }

  @Override
  public void close() {
    clear();
    console.out().flush();
  }

  /** What is known about a run under way. Confined to the run's thread but for its text. */
  final class Line implements ReportSink, AutoCloseable {
    private final String title;
    private final long beganNanos = System.nanoTime();
    private final Map<WorkerId, Double> accuracies = new ConcurrentSkipListMap<>();
    private volatile double virtualSeconds;

    private Line(String title) {
      this.title = title;
    }

    @Override
    public void accept(Report report) {
      virtualSeconds = report.atNanos() / 1e9;
      if (report instanceof Report.Evaluated e) {
        accuracies.put(e.worker(), e.accuracy());
      } else if (report instanceof Report.Notice n && n.severity() == Report.Severity.ERROR) {
        say(title + "  " + n.worker() + ": " + n.text());
      }
      if (console.terminal()) { // else nobody waits for the other runs' lock
        draw();
      }
    }

    private String text(long nowNanos) {
      double wallSeconds = Math.max(1, nowNanos - beganNanos) / 1e9;
      return String.format(
          Locale.ROOT,
          "%s  %4.0f of %.0f s  accuracy %s  %.1f times as fast as reality",
          title,
          virtualSeconds,
          budgetSeconds,
          accuracy(),
          virtualSeconds / wallSeconds);
    }

    private String accuracy() {
      OptionalDouble mean = accuracies.values().stream().mapToDouble(a -> a).average();
      return mean.isEmpty() ? "-" : String.format(Locale.ROOT, "%.3f", mean.getAsDouble());
    }

    private String summary(SeedRun run) {
      return String.format(
          Locale.ROOT,
          "%s  accuracy %.3f after %.0f s%s  (%.0f s of wall time)",
          title,
          run.totals().accuracy(),
          run.seconds(),
          run.diverged() ? ", diverged" : "",
          (System.nanoTime() - beganNanos) / 1e9);
    }

    /** It has ended, or was stopped and does not count. */
    void end(SeedRun run, boolean stopped) {
      EmulationProgress.this.end(this, run, stopped);
    }

    /** It is under way no longer. */
    @Override
    public void close() {
      remove(this);
    }
  }
}
