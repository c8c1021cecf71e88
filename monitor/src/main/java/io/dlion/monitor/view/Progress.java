package io.dlion.monitor.view;

import io.dlion.core.report.ReportSink;
import io.dlion.monitor.Fanout;
import io.dlion.monitor.statistics.RunStatistics;
import java.io.PrintStream;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Shows a person how the run goes. Takes reports after {@link RunStatistics} did (see {@link
 * Fanout}). Thread safe; {@link #close} leaves the last state on the screen and may be called
 * twice.
 */
public sealed interface Progress extends ReportSink, AutoCloseable permits LiveView, PlainProgress {
  /** Shows a line of the program's own in its place between the others. */
  void say(String line);

  @Override
  void close();

  /**
   * A live view on a terminal, plain lines elsewhere.
   *
   * @param terminal whether {@code out} is a terminal
   * @param out where to show it
   * @param statistics what to show
   * @param title one line on what is trained, how and on what
   * @param elapsedNanos time since the run began, on the clock of the reports
   * @param environment variables: {@code COLUMNS}, {@code NO_COLOR}, {@code TERM}
   */
  static Progress of(
      boolean terminal,
      PrintStream out,
      RunStatistics statistics,
      String title,
      LongSupplier elapsedNanos,
      Map<String, String> environment) {
    if (!terminal || "dumb".equals(environment.get("TERM"))) {
      return new PlainProgress(out, statistics, title);
    }
    LiveView view = LiveView.on(out, statistics, title, elapsedNanos, environment);
    view.start();
    return view;
  }
}
