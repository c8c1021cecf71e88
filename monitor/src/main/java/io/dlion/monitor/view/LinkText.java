package io.dlion.monitor.view;

import io.dlion.monitor.statistics.LinkSnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a worker sends to its peers, for a view: each link has one width whatever its figures. */
final class LinkText {
  private static final String GAP = "  ";
  private static final String MORE = "+999";

  private LinkText() {}

  /** Whether all links fit into one line, with a gap before each. */
  static boolean fit(List<LinkSnapshot> links, int width) {
    return links.stream().mapToInt(l -> GAP.length() + link(l).length()).sum() <= width;
  }

  /** One line that begins with a gap: the links that fit, else their sum, else nothing. */
  static String beside(List<LinkSnapshot> links, int width) {
    return lines(links, width - GAP.length(), 1).stream()
        .map(line -> GAP + (line.length() <= width - GAP.length() ? line : sum(links)))
        .filter(line -> line.length() <= width)
        .findFirst()
        .orElse("");
  }

  /**
   * The links in lines of a width. Where there are more than fit into so many lines, the last one
   * says how many.
   */
  static List<String> lines(List<LinkSnapshot> links, int width, int linesMax) {
    List<String> lines = new ArrayList<>();
    int shown = 0;
    while (shown < links.size() && lines.size() < linesMax) {
      boolean last = lines.size() == linesMax - 1;
      StringBuilder line = new StringBuilder();
      while (shown < links.size()) {
        String next = (line.isEmpty() ? "" : GAP) + link(links.get(shown));
        int reserved = last && shown < links.size() - 1 ? (GAP + MORE).length() : 0;
        if (!line.isEmpty() && line.length() + next.length() + reserved > width) {
          break;
        }
        line.append(next);
        shown++;
      }
      lines.add(
          last && shown < links.size()
              ? line + GAP + "+" + (links.size() - shown)
              : line.toString());
    }
    return lines;
  }

  /** The mean share, and the sum of the rates. */
  private static String sum(List<LinkSnapshot> links) {
    double share = links.stream().mapToDouble(LinkSnapshot::share).sum() / links.size();
    double rate = links.stream().mapToDouble(LinkSnapshot::sentBytesPerSecond).sum();
    return text("all", share, rate);
  }

  private static String link(LinkSnapshot link) {
    return text(link.peer().name(), link.share(), link.sentBytesPerSecond());
  }

  private static String text(String to, double share, double bytesPerSecond) {
    String percent = Text.percent(share).replace(" ", "");
    String rate = Text.bytes(bytesPerSecond).replace(" ", "") + "/s";
    return String.format(Locale.ROOT, "→%s %5s %8s", to, percent, rate);
  }
}
