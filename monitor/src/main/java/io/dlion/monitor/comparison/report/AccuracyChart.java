package io.dlion.monitor.comparison.report;

import io.dlion.monitor.comparison.trace.SeriesPoint;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Accuracy over time as a picture for documents: SVG without scripts or fonts of its own, for light
 * and dark pages. A panel for each environment, side by side. The first method stands out; each
 * curve has its name at its end. Accuracies below the tenth in which the least curve ends are cut
 * off.
 */
public final class AccuracyChart {
  private static final int PANEL_WIDTH = 440;
  private static final int HEIGHT = 340;
  private static final int LEFT = 44;
  private static final int RIGHT = 88;
  private static final int TOP = 34;
  private static final int BOTTOM = 44;
  private static final int PLOT_WIDTH = PANEL_WIDTH - LEFT - RIGHT;
  private static final int PLOT_HEIGHT = HEIGHT - TOP - BOTTOM;
  private static final int LABEL_HEIGHT = 14;
  private static final int LABEL_DROP = 4;
  private static final int TIME_STEPS = 6;
  private static final double FLOOR_MAX = 0.6;
  private static final double TOP_MIN = 0.9;

  private final Svg svg = new Svg();
  private final ChartStyle style;

  private AccuracyChart(ChartStyle style) {
    this.style = style;
  }

  /** The picture of these panels. A method has the same colour in all of them. */
  public static String of(List<AccuracyPanel> panels) {
    return drawn(panels, false);
  }

  /** The same for a page that is always light, to stand in it; there may be one on a page. */
  public static String ofLightPage(List<AccuracyPanel> panels) {
    return drawn(panels, true);
  }

  private static String drawn(List<AccuracyPanel> panels, boolean light) {
    List<String> methods =
        panels.stream().flatMap(p -> p.curves().keySet().stream()).distinct().toList();
    AccuracyChart chart = new AccuracyChart(new ChartStyle(methods, light));
    chart.draw(panels);
    return chart.svg.toString();
  }

  private void draw(List<AccuracyPanel> panels) {
    int width = panels.size() * PANEL_WIDTH;
    svg.open(
        "svg",
        "xmlns",
        "http://www.w3.org/2000/svg",
        "viewBox",
        "0 0 " + width + " " + HEIGHT,
        "width",
        width,
        "height",
        HEIGHT,
        "role",
        "img",
        "font-family",
        "system-ui, Segoe UI, Roboto, DejaVu Sans, sans-serif",
        "font-size",
        12);
    List<String> names = panels.stream().map(AccuracyPanel::environment).toList();
    svg.content("title", "Accuracy over time in " + String.join(" and ", names));
    svg.content("style", style.css());
    svg.open("clipPath", "id", "plot");
    svg.element("rect", "width", PLOT_WIDTH, "height", PLOT_HEIGHT);
    svg.close();
    for (int i = 0; i < panels.size(); i++) {
      svg.open("g", "transform", "translate(" + (i * PANEL_WIDTH + LEFT) + " " + TOP + ")");
      panel(panels.get(i));
      svg.close();
    }
    svg.close();
  }

  private void panel(AccuracyPanel panel) {
    svg.content("text", panel.environment(), "y", 18 - TOP, "font-size", 14, "font-weight", "600");
    Scale scale = Scale.of(panel);
    grid(scale);
    panel.target().ifPresent(target -> target(scale, target));
    List<Label> labels = new ArrayList<>();
    panel
        .curves()
        .forEach((name, curve) -> {
          if (!curve.isEmpty()) {
            curve(scale, name, curve);
            labels.add(new Label(name, scale.y(curve.getLast().value())));
          }
        });
    labels(labels);
  }

  private void grid(Scale scale) {
    for (int percent = scale.floorPercent(); percent <= scale.topPercent(); percent += 10) {
      double y = scale.y(percent / 100.0);
      svg.element("path", "class", "grid", "d", "M0 " + Svg.number(y) + "H" + PLOT_WIDTH);
      svg.content("text", percent + " %", "x", -6, "y", y + LABEL_DROP, "text-anchor", "end");
    }
    double step = roundStep(scale.seconds() / TIME_STEPS);
    for (double at = 0; at <= scale.seconds() * 1.001; at += step) {
      String text = Svg.number(at);
      svg.content("text", text, "x", scale.x(at), "y", PLOT_HEIGHT + 18, "text-anchor", "middle");
    }
    svg.content(
        "text",
        "virtual seconds",
        "x",
        PLOT_WIDTH / 2,
        "y",
        PLOT_HEIGHT + 36,
        "text-anchor",
        "middle");
  }

  /** 1, 2 or 5 times a power of ten, at least so much. */
  private static double roundStep(double least) {
    double power = Math.pow(10, Math.floor(Math.log10(least)));
    for (double step : new double[] {power, 2 * power, 5 * power}) {
      if (step >= least * 0.999) {
        return step;
      }
    }
    return 10 * power;
  }

  private void target(Scale scale, double target) {
    svg.element(
        "path",
        "class",
        "target",
        "d",
        "M0 " + Svg.number(scale.y(target)) + "H" + PLOT_WIDTH,
        "clip-path",
        "url(#plot)");
  }

  private void curve(Scale scale, String method, List<SeriesPoint> curve) {
    StringBuilder path = new StringBuilder();
    for (SeriesPoint p : curve) {
      path.append(path.isEmpty() ? 'M' : 'L')
          .append(Svg.number(scale.x(p.seconds())))
          .append(' ')
          .append(Svg.number(scale.y(p.value())));
    }
    svg.element("path", "class", style.of(method), "clip-path", "url(#plot)", "d", path);
  }

  /** Names at the ends of curves, as near to them as they fit one below the other. */
  private void labels(List<Label> labels) {
    labels.sort(Comparator.comparingDouble(Label::y));
    double[] places = labels.stream().mapToDouble(Label::y).toArray();
    double[] spread = spread(places, LABEL_HEIGHT, PLOT_HEIGHT);
    for (int i = 0; i < spread.length; i++) {
      String name = labels.get(i).name();
      svg.content(
          "text", name, "class", style.of(name), "x", PLOT_WIDTH + 6, "y", spread[i] + LABEL_DROP);
    }
  }

  /** Ascending places with at least so much between them, none beyond the last. */
  static double[] spread(double[] places, double distance, double last) {
    double[] spread = places.clone();
    for (int i = 1; i < spread.length; i++) {
      spread[i] = Math.max(spread[i], spread[i - 1] + distance);
    }
    double bound = last;
    for (int i = spread.length - 1; i >= 0; i--) {
      spread[i] = Math.min(spread[i], bound);
      bound = spread[i] - distance;
    }
    return spread;
  }

  private record Label(String name, double y) {}

  /** From seconds and accuracies to places in the plot. */
  private record Scale(double seconds, int floorPercent, int topPercent) {
    static Scale of(AccuracyPanel panel) {
      double seconds = 0;
      double floor = FLOOR_MAX;
      double top = TOP_MIN;
      for (List<SeriesPoint> curve : panel.curves().values()) {
        for (SeriesPoint point : curve) {
          seconds = Math.max(seconds, point.seconds());
          top = Math.max(top, point.value());
        }
        if (!curve.isEmpty()) {
          floor = Math.min(floor, curve.getLast().value());
        }
      }
      return new Scale(
          seconds, 10 * (int) Math.floor(10 * floor), 10 * (int) Math.ceil(10 * top - 1e-9));
    }

    double x(double at) {
      return at / seconds * PLOT_WIDTH;
    }

    double y(double accuracy) {
      return (topPercent - 100 * accuracy) / (topPercent - floorPercent) * PLOT_HEIGHT;
    }
  }
}
