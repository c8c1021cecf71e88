package io.dlion.monitor.view;

import io.dlion.monitor.statistics.RunSnapshot;
import io.dlion.monitor.statistics.WorkerSnapshot;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Draws a run as lines of text: a pure function of its snapshot. The layout depends on the size of
 * the terminal and the number of workers and links, so that nothing jumps from one frame to the
 * next.
 *
 * @param title one line on what is trained
 * @param style colours or none
 */
record ViewRenderer(String title, Style style) {
  /** Lines of a wide terminal besides those of the workers: title, bar, totals, gap, columns. */
  static final int FRAME_LINES = 5;

  private static final int WORKERS_MAX = 12;
  private static final int WORKERS_MIN = 1;
  private static final int WORKER_LINES_MAX = 24;
  private static final String INDENT = "         ";
  private static final String LINKS = "  sent: share of the gradient, rate";
  private static final String LINKS_SHORT = "  sent: share, rate";

  /**
   * The view.
   *
   * @param columns no line is wider
   * @param rows at most so many lines, though at least one worker is shown
   */
  List<String> render(RunSnapshot run, int columns, int rows) {
    List<String> lines = new ArrayList<>();
    lines.add(Text.cut(Text.printable(title), columns));
    lines.addAll(progress(run, columns));
    lines.addAll(Text.wrapped(StreamText.phrases(run), columns));
    lines.addAll(Text.wrapped(totals(run), columns));
    lines.addAll(Text.wrapped(Text.serving(run), columns));
    lines.add("");
    addWorkers(run.workers(), lines, columns, rows - lines.size() - 1);
    return lines;
  }

  /** The same in signs that a terminal of this character set can show. */
  static String shown(String frame, Charset charset) {
    return charset.newEncoder().canEncode("█░→…")
        ? frame
        : frame.replace('█', '#').replace('░', '.').replace('→', '>').replace('…', '~');
  }

  private List<String> progress(RunSnapshot run, int columns) {
    List<String> words = new ArrayList<>();
    run.fraction().ifPresent(f -> words.add(String.format(Locale.ROOT, "%3d %%", (int) (f * 100))));
    if (!run.samplesUnknown() && Text.hasEpochs(run)) {
      words.add(Text.epochs(run));
    }
    words.add(Text.duration(run.atNanos()) + " elapsed");
    run.remainingNanos().ifPresent(n -> words.add("about " + Text.duration(n) + " left"));
    if (run.endless()) {
      words.add(StreamText.ENDLESS);
    }
    int width = run.fraction().isEmpty() ? 0 : barWidth(columns);
    if (width == 0) {
      return Text.wrapped(words, columns);
    }
    int full = (int) (run.fraction().getAsDouble() * width);
    String rest = Text.cut("  " + String.join(Text.GAP, words), columns - width);
    return List.of(style.accent("█".repeat(full)) + style.faint("░".repeat(width - full)) + rest);
  }

  /** A function of the columns only, so that the bar keeps its length; words go before the bar. */
  private static int barWidth(int columns) {
    return columns >= 90 ? 30 : columns >= 70 ? 10 : 0;
  }

  private static List<String> totals(RunSnapshot run) {
    List<String> words = new ArrayList<>();
    words.add(run.workers().size() == 1 ? "1 worker" : run.workers().size() + " workers");
    if (!run.onlyServes()) {
      words.add(String.format(Locale.ROOT, "%,.0f samples/s", run.samplesPerSecond()));
    }
    if (run.accuracy().isPresent()) {
      words.add(
          String.format(
              Locale.ROOT,
              "test accuracy %.4f (worst %.4f)",
              run.accuracy().getAsDouble(),
              run.worstAccuracy().orElse(Double.NaN)));
    }
    words.add(Text.bytes((double) run.bytesSent()) + " sent");
    return words;
  }

  /** Where links are shown: beside a worker's figures, on lines below them, or in part. */
  private record Layout(List<WorkerColumn> figures, int linesBelow, boolean untold) {
    /**
     * @param room lines for these workers and their links
     */
    static Layout of(List<WorkerSnapshot> workers, int columns, int room) {
      boolean withServer =
          workers.stream().anyMatch(w -> w.client().isPresent() || w.server().isPresent());
      boolean withStream = workers.stream().anyMatch(w -> w.stream().isPresent());
      List<WorkerColumn> figures = WorkerColumn.fitting(columns, withServer, withStream);
      int free = columns - WorkerColumn.titles(figures).length();
      if (workers.stream().allMatch(w -> LinkText.fit(w.links(), free))) {
        boolean untold = withServer && workers.stream().allMatch(w -> w.links().isEmpty());
        return new Layout(figures, 0, untold);
      }
      int wanted = workers.stream().mapToInt(w -> below(w, columns, room).size()).max().orElse(0);
      int spare = room - 1 - workers.size(); // one for the title of the links
      return new Layout(figures, Math.max(0, Math.min(wanted, spare / workers.size())), false);
    }

    private static List<String> below(WorkerSnapshot worker, int columns, int linesMax) {
      return LinkText.lines(worker.links(), columns - INDENT.length(), linesMax);
    }

    List<String> titles(int columns) {
      String titles = Text.cut(WorkerColumn.titles(figures), columns);
      if (untold) { // commits have columns of their own
        return List.of(titles);
      }
      if (linesBelow > 0) {
        return List.of(titles, Text.cut(INDENT + LINKS.strip(), columns));
      }
      String links = titles.length() + LINKS.length() <= columns ? LINKS : LINKS_SHORT;
      return List.of(titles.length() + links.length() <= columns ? titles + links : titles);
    }

    String row(WorkerSnapshot worker, int columns) {
      String row = Text.cut(WorkerColumn.row(figures, worker), columns);
      return linesBelow > 0 ? row : row + LinkText.beside(worker.links(), columns - row.length());
    }

    List<String> below(WorkerSnapshot worker, int columns) {
      return below(worker, columns, linesBelow).stream()
          .map(line -> Text.cut(INDENT + line, columns))
          .toList();
    }
  }

  private void addWorkers(List<WorkerSnapshot> workers, List<String> lines, int columns, int rows) {
    int room = Math.max(WORKERS_MIN, Math.min(WORKERS_MAX, rows));
    int count = workers.size() <= room ? workers.size() : Math.max(WORKERS_MIN, room - 1);
    List<WorkerSnapshot> shown = workers.subList(0, count);
    int more = workers.size() - count;
    Layout layout =
        Layout.of(shown, columns, Math.min(rows, WORKER_LINES_MAX) - (more > 0 ? 1 : 0));
    layout.titles(columns).forEach(line -> lines.add(style.faint(line)));
    for (WorkerSnapshot worker : shown) {
      String line = layout.row(worker, columns);
      boolean broken = worker.iterations() > 0 && !Double.isFinite(worker.loss());
      lines.add(broken ? style.alarm(line) : line);
      lines.addAll(layout.below(worker, columns));
    }
    if (more > 0) {
      lines.add(style.faint(Text.cut("… and " + more + " more", columns)));
    }
  }
}
