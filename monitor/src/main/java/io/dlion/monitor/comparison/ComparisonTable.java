package io.dlion.monitor.comparison;

import io.dlion.monitor.view.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A comparison as lines for a console, at most {@value #COLUMNS_MAX} characters wide, sentences at
 * most {@value #SENTENCE_MAX}: a title, a row for each preset with a {@code *} before the best one,
 * and what it comes to. Commits have a column where a preset has a server; streams have a table of
 * their own below. Without colours; who prints may make the best line bold.
 */
public final class ComparisonTable {
  static final int COLUMNS_MAX = 117;
  private static final int SENTENCE_MAX = 100;
  private static final int PRESET_WIDTH_MAX = 18;
  private static final int TIME_WIDTH = 12;
  private static final int RATIO_WIDTH = 8;
  private static final int IDEAL_WIDTH = 8;
  private static final int ACCURACY_WIDTH = 13;
  private static final int WORST_WIDTH = 8;
  private static final int SPREAD_WIDTH = 7;
  private static final int SENT_WIDTH = 8;
  private static final int SPEED_WIDTH = 10;
  private static final int STALENESS_WIDTH = 6;
  private static final int WAIT_WIDTH = 9;
  private static final int COMMITS_WIDTH = 8;
  private static final int PREQUENTIAL_WIDTH = 14;
  private static final int FRESH_WIDTH = 17;
  private static final int RECOVERY_WIDTH = 24;
  private static final int COUNT_WIDTH = 10;
  private static final int DRIFTS_WIDTH = 13;

  private final ComparisonSummary summary;
  private final boolean timed;
  private final boolean commits;
  private final int presetWidth;

  private ComparisonTable(ComparisonSummary summary) {
    this.summary = summary;
    this.timed = summary.comparison().target().isPresent();
    this.commits = summary.hasServer();
    int longest =
        summary.presets().stream()
            .mapToInt(p -> p.preset().length())
            .max()
            .orElse(PRESET_WIDTH_MAX);
    this.presetWidth = Math.clamp(longest, "preset".length(), PRESET_WIDTH_MAX);
  }

  /** The lines of a comparison. */
  public static List<String> lines(ComparisonSummary summary) {
    return new ComparisonTable(summary).lines();
  }

  private List<String> lines() {
    Comparison c = summary.comparison();
    List<String> lines = new ArrayList<>();
    lines.addAll(wrapped(c.environment() + ": " + Verdict.subject(c)));
    lines.add("");
    lines.add(header());
    for (PresetSummary p : summary.presets()) {
      lines.add(row(summary.isBest(p) ? "* " : "  ", p));
    }
    summary.ideal().ifPresent(p -> lines.add(row("  ", p)));
    lines.add("");
    if (summary.hasStream()) {
      addStreams(lines);
      lines.add("");
    }
    lines.addAll(wrapped("* " + Verdict.best(summary)));
    Verdict.readingNotes(summary).forEach(n -> lines.addAll(wrapped("  " + n)));
    c.notes().forEach(n -> lines.addAll(wrapped("  " + n)));
    return lines;
  }

  private String header() {
    StringBuilder line = new StringBuilder("  ").append(left("preset", presetWidth));
    if (timed) {
      String target = Figures.percent(summary.comparison().target().orElseThrow());
      line.append(right("s to " + target + " %", TIME_WIDTH))
          .append(right("vs best", RATIO_WIDTH))
          .append(right("ideal %", IDEAL_WIDTH));
    }
    return line.append(right("accuracy %", ACCURACY_WIDTH))
        .append(right("worst %", WORST_WIDTH))
        .append(right("spread", SPREAD_WIDTH))
        .append(right("sent", SENT_WIDTH))
        .append(right("samples/s", SPEED_WIDTH))
        .append(right("stale", STALENESS_WIDTH))
        .append(right("waited %", WAIT_WIDTH))
        .append(commits ? right("commits", COMMITS_WIDTH) : "")
        .toString();
  }

  private String row(String mark, PresetSummary p) {
    StringBuilder line = new StringBuilder(mark).append(left(p.preset(), presetWidth));
    if (timed) {
      line.append(time(p));
    }
    return line.append(right(Figures.percent(p.accuracy()), ACCURACY_WIDTH))
        .append(right(Figures.percent(p.worstAccuracy().mean()), WORST_WIDTH))
        .append(right(Figures.percent(p.accuracyDeviation()), SPREAD_WIDTH))
        .append(right(bytes(p.bytesSent()), SENT_WIDTH))
        .append(right(Figures.decimals(p.samplesPerSecond(), 0), SPEED_WIDTH))
        .append(right(Figures.decimals(p.meanStaleness(), 1), STALENESS_WIDTH))
        .append(right(Figures.percent(p.waitShare()), WAIT_WIDTH))
        .append(commits ? right(commits(p), COMMITS_WIDTH) : "")
        .toString();
  }

  private void addStreams(List<String> lines) {
    lines.add(
        "  "
            + left("preset", presetWidth)
            + right("prequential %", PREQUENTIAL_WIDTH)
            + right("fresh p50/p99 s", FRESH_WIDTH)
            + right("recovery s after drift", RECOVERY_WIDTH)
            + right("learned", COUNT_WIDTH)
            + right("drifts found", DRIFTS_WIDTH)
            + right("rejected", COUNT_WIDTH)
            + right("shed", COUNT_WIDTH));
    for (PresetSummary p : summary.presets()) {
      String mark = summary.isBest(p) ? "* " : "  ";
      p.stream().ifPresent(s -> lines.add(mark + left(p.preset(), presetWidth) + stream(s)));
    }
    summary
        .ideal()
        .ifPresent(p ->
            p.stream().ifPresent(s -> lines.add("  " + left(p.preset(), presetWidth) + stream(s))));
  }

  private static String stream(StreamSummary s) {
    return right(Figures.percent(s.prequential()), PREQUENTIAL_WIDTH)
        + right(s.freshness(), FRESH_WIDTH)
        + right(s.recovery(), RECOVERY_WIDTH)
        + right(Figures.decimals(s.learned(), 0), COUNT_WIDTH)
        + right(Figures.decimals(s.found(), 1), DRIFTS_WIDTH)
        + right(Figures.decimals(s.rejected(), 0), COUNT_WIDTH)
        + right(Figures.decimals(s.shed(), 0), COUNT_WIDTH);
  }

  private String time(PresetSummary p) {
    Optional<String> none = Verdict.noTime(p, summary.comparison());
    if (none.isPresent()) {
      return right(none.get(), TIME_WIDTH + RATIO_WIDTH + IDEAL_WIDTH);
    }
    boolean ideal = p.preset().equals(ComparisonSummary.IDEAL);
    return right(Figures.seconds(p.secondsToTarget()), TIME_WIDTH)
        + right(ideal ? "" : Figures.times(summary.ratioToBestOther(p)), RATIO_WIDTH)
        + right(Figures.wholePercent(summary.idealShare(p)), IDEAL_WIDTH);
  }

  /** Commits of all clients, for people. */
  public static String commits(PresetSummary p) {
    return p.server().isPresent() ? Figures.decimals(p.commits(), 0) : Figures.UNKNOWN;
  }

  /** A number of bytes, for people. */
  public static String bytes(double bytes) {
    return Double.isFinite(bytes) ? Text.bytes(bytes) : Figures.UNKNOWN;
  }

  private static String left(String text, int width) {
    String cut = Text.cut(Text.printable(text), width);
    return cut + " ".repeat(width - cut.length());
  }

  private static String right(String text, int width) {
    return " ".repeat(Math.max(1, width - text.length())) + text;
  }

  /** A sentence in lines that fit; those after the first are indented. */
  private static List<String> wrapped(String sentence) {
    List<String> lines = new ArrayList<>();
    String rest = sentence.startsWith("  ") ? "  " + Text.printable(sentence) : sentence;
    while (rest.length() > SENTENCE_MAX) {
      int space = rest.lastIndexOf(' ', SENTENCE_MAX);
      int end = space > 2 ? space : SENTENCE_MAX;
      lines.add(rest.substring(0, end));
      rest = "  " + rest.substring(end).strip();
    }
    lines.add(rest);
    return lines;
  }
}
