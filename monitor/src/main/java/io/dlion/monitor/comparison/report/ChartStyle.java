package io.dlion.monitor.comparison.report;

import io.dlion.monitor.comparison.ComparisonSummary;
import java.util.List;

/**
 * Colours of a picture on light and dark pages, as a style sheet.
 *
 * @param methods in the order of their colours; the first one stands out
 * @param light whether the page is light, whatever its reader prefers
 */
record ChartStyle(List<String> methods, boolean light) {
  private static final String IDEAL = "ideal";

  /** A page: its text, its faint lines, what is muted on it, and the colours of methods. */
  private record Page(String text, String grid, String muted, List<String> colours) {}

  /** After Okabe and Ito, whose colours people who confuse colours can tell apart. */
  private static final Page LIGHT =
      new Page(
          "#1f2328",
          "#d8dee4",
          "#59636e",
          List.of("#0072b2", "#d55e00", "#009e73", "#b5569a", "#a67600", "#6a51a3", "#8c4b2f"));

  private static final Page DARK =
      new Page(
          "#e6edf3",
          "#30363d",
          "#9198a1",
          List.of("#56b4e9", "#f08848", "#35c79c", "#df8fc6", "#e6b01e", "#ab97e0", "#c98f74"));

  ChartStyle {
    methods = methods.stream().filter(name -> !name.equals(ComparisonSummary.IDEAL)).toList();
  }

  /** The class of a method's elements. */
  String of(String method) {
    return method.equals(ComparisonSummary.IDEAL) ? IDEAL : "m" + methods.indexOf(method);
  }

  String css() {
    return light
        ? css(LIGHT)
        : css(LIGHT) + "@media (prefers-color-scheme: dark) {" + css(DARK) + "}\n";
  }

  private String css(Page page) {
    StringBuilder css = new StringBuilder("\npath { fill: none; stroke-linejoin: round }\n");
    css.append("text { fill: ").append(page.text).append(" }\n");
    css.append(".grid { stroke: ").append(page.grid).append(" }\n");
    css.append(".target { stroke: ").append(page.text).append("; stroke-dasharray: 6 4 }\n");
    method(css, IDEAL, page.muted, "2; stroke-dasharray: 2 3", "400");
    for (int i = 0; i < methods.size(); i++) {
      String colour = page.colours.get(i % page.colours.size());
      method(css, "m" + i, colour, i == 0 ? "3" : "1.6", i == 0 ? "700" : "400");
    }
    return css.toString();
  }

  private static void method(
      StringBuilder css, String name, String colour, String width, String weight) {
    css.append("path.").append(name).append(" { stroke: ").append(colour);
    css.append("; stroke-width: ").append(width).append(" }\n");
    css.append("text.").append(name).append(" { fill: ").append(colour);
    css.append("; font-weight: ").append(weight).append(" }\n");
  }
}
