package io.dlion.monitor.view;

import io.dlion.core.report.Report;
import io.dlion.monitor.statistics.ClientSnapshot;
import io.dlion.monitor.statistics.RunSnapshot;
import io.dlion.monitor.statistics.ServerSnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Numbers and notices as people read them. */
public final class Text {
  /** Between phrases. */
  static final String GAP = "   ";

  private Text() {}

  /** {@code 0:41}, {@code 12:05}, {@code 1:02:09}. */
  static String duration(long nanos) {
    long seconds = Math.max(0, nanos) / 1_000_000_000L;
    return seconds < 3600
        ? String.format(Locale.ROOT, "%d:%02d", seconds / 60, seconds % 60)
        : String.format(
            Locale.ROOT, "%d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60);
  }

  /** Decimal units, three digits: {@code 812 B}, {@code 2.41 MB}. */
  public static String bytes(double bytes) {
    if (bytes < 999.5) {
      return String.format(Locale.ROOT, "%.0f B", bytes);
    }
    String[] units = {"kB", "MB", "GB", "TB", "PB"};
    int unit = 0;
    double value = bytes / 1000;
    while (value >= 999.5 && unit < units.length - 1) {
      value /= 1000;
      unit++;
    }
    return digits(value) + " " + units[unit];
  }

  /** Three digits. */
  static String digits(double value) {
    return String.format(
        Locale.ROOT, value < 9.995 ? "%.2f" : value < 99.95 ? "%.1f" : "%.0f", value);
  }

  /** A share as {@code 4.10 %}. */
  static String percent(double share) {
    return digits(share * 100) + " %";
  }

  /** Whether to speak of epochs: a stream has none, unless the run ends by them. */
  static boolean hasEpochs(RunSnapshot run) {
    return run.epochsWanted().isPresent()
        || (Double.isFinite(run.epochs()) && run.stream().isEmpty());
  }

  /** {@code epoch 1.86 of 3}. */
  static String epochs(RunSnapshot run) {
    String wanted = "";
    if (run.epochsWanted().isPresent()) {
      double epochs = run.epochsWanted().getAsDouble();
      wanted =
          String.format(Locale.ROOT, epochs == Math.rint(epochs) ? " of %.0f" : " of %.2f", epochs);
    }
    return String.format(Locale.ROOT, "epoch %.2f", run.epochs()) + wanted;
  }

  /**
   * What a server does, in phrases: {@code server w1}, {@code version 120}, {@code 3.1 commits/s},
   * {@code commit target 4}, {@code probing C = 4, reward 0.021}, {@code implicit momentum 0.36}.
   */
  static List<String> serving(RunSnapshot run) {
    List<String> phrases = new ArrayList<>();
    run.server()
        .ifPresent(worker -> {
          ServerSnapshot server = worker.server().orElseThrow();
          phrases.add("server " + worker.worker().name());
          phrases.add(String.format(Locale.ROOT, "version %,d", server.version()));
          phrases.add(digits(server.commitsPerSecond()) + " commits/s");
          if (server.commitTarget() > 0) {
            phrases.add("commit target " + server.commitTarget());
          }
          String search = search(server.search(), server.reward());
          if (!search.isEmpty()) {
            phrases.add(search);
          }
          if (Double.isFinite(server.implicitMomentum())) {
            phrases.add(
                String.format(Locale.ROOT, "implicit momentum %.2f", server.implicitMomentum()));
          }
        });
    return phrases;
  }

  /** {@code probing C = 4, reward 0.021}; empty where there is no search. */
  public static String search(String state, double reward) {
    String shown = printable(state);
    return shown.isEmpty() || !Double.isFinite(reward)
        ? shown
        : shown + String.format(Locale.ROOT, ", reward %.3g", reward);
  }

  /** Commits of the period and their target as {@code 3/4}; all of them where none is set. */
  static String commits(ClientSnapshot client) {
    return client.periodTarget() > 0
        ? client.periodCommits() + "/" + client.periodTarget()
        : Long.toString(client.commits());
  }

  /** Four decimals; "-" where there is nothing yet. */
  static String loss(double loss, long iterations) {
    if (iterations == 0) {
      return "-";
    }
    return Double.isFinite(loss) && Math.abs(loss) >= 10_000
        ? String.format(Locale.ROOT, "%.2e", loss)
        : String.format(Locale.ROOT, "%.4f", loss);
  }

  /** A notice in one line; anything that could steer a terminal is taken out. */
  static String notice(Report.Notice notice) {
    String degree =
        switch (notice.severity()) {
          case INFO -> "";
          case WARNING -> "warning: ";
          case ERROR -> "error: ";
        };
    return degree + notice.worker() + ": " + printable(notice.text());
  }

  /** Without characters that could steer a terminal. */
  public static String printable(String text) {
    return text.replaceAll("\\p{Cntrl}+", " ").strip();
  }

  /** Phrases side by side, in as many lines as it takes. */
  static List<String> wrapped(List<String> phrases, int width) {
    List<String> lines = new ArrayList<>();
    for (String phrase : phrases) {
      String longer = lines.isEmpty() ? phrase : lines.getLast() + GAP + phrase;
      if (!lines.isEmpty() && longer.length() <= width) {
        lines.set(lines.size() - 1, longer);
      } else {
        lines.add(cut(phrase, width));
      }
    }
    return lines;
  }

  /** Cuts a line to a width. */
  public static String cut(String line, int width) {
    return line.length() <= width ? line : line.substring(0, Math.max(0, width - 1)) + "…";
  }
}
