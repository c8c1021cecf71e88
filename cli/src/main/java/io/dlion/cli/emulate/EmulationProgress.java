package io.dlion.cli.emulate;

import io.dlion.cli.Console;
import io.dlion.core.WorkerId;
import io.dlion.core.report.Report;
import io.dlion.core.report.ReportSink;
import io.dlion.monitor.comparison.SeedRun;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * One line about the run under way, redrawn on a terminal, and one for each run that has ended.
 * Confined to one thread.
 */
final class EmulationProgress implements ReportSink, AutoCloseable {
  private static final long REDRAW_NANOS = 200_000_000;
  private static final int IDEAL_RUNS = 4;
  private static final String CLEAR = "\r\033[K";

  private final Console console;
  private final double budgetSeconds;
  private final int runs;
  private final Map<WorkerId, Double> accuracies = new TreeMap<>();
  private String title = "";
  private int done;
  private long beganNanos;
  private long drawnNanos;

  EmulationProgress(Console console, EmulationRequest request) {
    this.console = console;
    this.budgetSeconds = request.budget().toNanos() / 1e9;
    int each = request.variants().size() * request.seeds().size();
    int ideal = request.ideal() ? IDEAL_RUNS + request.seeds().size() - 1 : 0;
    this.runs = request.environments().size() * (each + ideal);
  }

  /** Prints a line. */
  void say(String line) {
    clear();
    console.out().println(line);
    console.out().flush();
  }

  /** A run begins. */
  void begin(String environment, String method, long seed) {
    title = String.format(Locale.ROOT, "%-14s %-12s seed %-3d", environment, method, seed);
    accuracies.clear();
    beganNanos = System.nanoTime();
  }

  @Override
  public void accept(Report report) {
    if (report instanceof Report.Evaluated e) {
      accuracies.put(e.worker(), e.accuracy());
    } else if (report instanceof Report.Notice n && n.severity() == Report.Severity.ERROR) {
      say(title + "  " + n.worker() + ": " + n.text());
    }
    long now = System.nanoTime();
    if (console.terminal() && now - drawnNanos > REDRAW_NANOS) {
      drawnNanos = now;
      draw(report.atNanos() / 1e9, (now - beganNanos) / 1e9);
    }
  }

  private void draw(double virtualSeconds, double wallSeconds) {
    console
        .out()
        .print(
            CLEAR
                + String.format(
                    Locale.ROOT,
                    "%d/%d  %s  %4.0f of %.0f s  accuracy %s  %.1f times as fast as reality",
                    done + 1,
                    runs,
                    title,
                    virtualSeconds,
                    budgetSeconds,
                    accuracy(),
                    wallSeconds > 0 ? virtualSeconds / wallSeconds : 0));
    console.out().flush();
  }

  private String accuracy() {
    return accuracies.isEmpty()
        ? "-"
        : String.format(
            Locale.ROOT,
            "%.3f",
            accuracies.values().stream().mapToDouble(a -> a).average().orElseThrow());
  }

  /** A run has ended. */
  void end(SeedRun run) {
    done++;
    double wall = (System.nanoTime() - beganNanos) / 1e9;
    say(
        String.format(
            Locale.ROOT,
            "%3d/%d  %s  accuracy %.3f after %.0f s%s  (%.0f s of wall time)",
            done,
            runs,
            title,
            run.totals().accuracy(),
            run.seconds(),
            run.diverged() ? ", diverged" : "",
            wall));
  }

  /** Takes the line about the run under way off the screen. */
  void clear() {
    if (console.terminal()) {
      console.out().print(CLEAR);
    }
  }

  @Override
  public void close() {
    clear();
    console.out().flush();
  }
}
