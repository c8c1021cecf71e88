package io.dlion.monitor;

import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;

/**
 * Draws a run as lines of text: a pure function of its snapshot. The layout is fixed, so that
 * nothing jumps from one frame to the next.
 *
 * @param title one line on what is trained
 * @param style colours or none
 */
record ViewRenderer(String title, Style style) {
  /** Lines besides those of the workers: title, bar, totals, a gap and the columns' names. */
  static final int FRAME_LINES = 5;

  private static final int WORKERS_MAX = 12;
  private static final int WORKERS_MIN = 1;
  private static final int LINKS_WIDTH_MIN = 16;
  private static final String COLUMNS = "%-8s %9s %5s %8s %9s %5s %8s";
  private static final String LINKS = "  sent: share of the gradient, rate";

  /**
   * The view.
   *
   * @param columns no line is wider
   * @param rows at most so many lines, though at least one worker is shown
   */
  List<String> render(RunSnapshot run, int columns, int rows) {
    List<String> lines = new ArrayList<>();
    lines.add(Text.cut(Text.printable(title), columns));
    lines.add(progress(run, columns));
    lines.add(Text.cut(totals(run), columns));
    lines.add("");
    String names =
        String.format(
            Locale.ROOT,
            COLUMNS,
            "worker",
            "iteration",
            "batch",
            "loss",
            "samples/s",
            "stale",
            "accuracy");
    String links = columns - names.length() < LINKS_WIDTH_MIN ? "" : LINKS;
    lines.add(style.faint(Text.cut(names + links, columns)));
    addWorkers(run.workers(), lines, columns, rows - FRAME_LINES);
    return lines;
  }

  /** The same in signs that a terminal of this character set can show. */
  static String shown(String frame, Charset charset) {
    return charset.newEncoder().canEncode("█░→…")
        ? frame
        : frame.replace('█', '#').replace('░', '.').replace('→', '>').replace('…', '~');
  }

  private String progress(RunSnapshot run, int columns) {
    StringJoiner words = new StringJoiner("   ");
    run.fraction().ifPresent(f -> words.add(String.format(Locale.ROOT, "%3d %%", (int) (f * 100))));
    words.add(Text.epochs(run));
    words.add(Text.duration(run.atNanos()) + " elapsed");
    run.remainingNanos().ifPresent(n -> words.add("about " + Text.duration(n) + " left"));
    if (run.fraction().isEmpty()) {
      return Text.cut(words.toString(), columns);
    }
    int width = barWidth(columns);
    int full = (int) (run.fraction().getAsDouble() * width);
    String rest = Text.cut((width == 0 ? "" : "  ") + words, columns - width);
    return style.accent("█".repeat(full)) + style.faint("░".repeat(width - full)) + rest;
  }

  /** A function of the columns only, so that the bar keeps its length; words go before the bar. */
  private static int barWidth(int columns) {
    return columns >= 90 ? 30 : columns >= 70 ? 10 : 0;
  }

  private static String totals(RunSnapshot run) {
    StringJoiner words = new StringJoiner("   ");
    words.add(run.workers().size() == 1 ? "1 worker" : run.workers().size() + " workers");
    words.add(String.format(Locale.ROOT, "%,.0f samples/s", run.samplesPerSecond()));
    if (run.accuracy().isPresent()) {
      words.add(
          String.format(
              Locale.ROOT,
              "test accuracy %.4f (worst %.4f)",
              run.accuracy().getAsDouble(),
              run.worstAccuracy().orElse(Double.NaN)));
    }
    words.add(Text.bytes((double) run.bytesSent()) + " sent");
    return words.toString();
  }

  private void addWorkers(List<WorkerSnapshot> workers, List<String> lines, int columns, int rows) {
    int room = Math.max(WORKERS_MIN, Math.min(WORKERS_MAX, rows));
    int shown = workers.size() <= room ? workers.size() : Math.max(WORKERS_MIN, room - 1);
    for (WorkerSnapshot worker : workers.subList(0, shown)) {
      String line = row(worker, columns);
      boolean broken = worker.iterations() > 0 && !Double.isFinite(worker.loss());
      lines.add(broken ? style.alarm(line) : line);
    }
    if (shown < workers.size()) {
      lines.add(style.faint(Text.cut("… and " + (workers.size() - shown) + " more", columns)));
    }
  }

  private static String row(WorkerSnapshot worker, int columns) {
    String accuracy =
        worker.accuracy().isPresent()
            ? String.format(Locale.ROOT, "%.4f", worker.accuracy().getAsDouble())
            : "-";
    String line =
        String.format(
            Locale.ROOT,
            COLUMNS,
            Text.cut(worker.worker().name(), 8),
            worker.iterations(),
            worker.batchSize(),
            Text.loss(worker.loss(), worker.iterations()),
            String.format(Locale.ROOT, "%.0f", worker.samplesPerSecond()),
            worker.staleness(),
            accuracy);
    return Text.cut(line + links(worker.links(), columns - line.length()), columns);
  }

  /** As many links as fit whole, and how many more there are. */
  private static String links(List<LinkSnapshot> links, int width) {
    if (width < LINKS_WIDTH_MIN) {
      return "";
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < links.size(); i++) {
      String link = link(links.get(i));
      int reserved = i == links.size() - 1 ? 0 : "  +99".length();
      if (text.length() + link.length() + reserved > width) {
        return text + "  +" + (links.size() - i);
      }
      text.append(link);
    }
    return text.toString();
  }

  private static String link(LinkSnapshot link) {
    String share = Text.percent(link.share()).replace(" ", "");
    String rate = Text.bytes(link.sentBytesPerSecond()).replace(" ", "") + "/s";
    return String.format(Locale.ROOT, "  →%s %5s %8s", link.peer(), share, rate);
  }
}
