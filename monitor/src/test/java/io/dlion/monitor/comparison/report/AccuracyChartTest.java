package io.dlion.monitor.comparison.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlion.monitor.comparison.ComparisonSummary;
import io.dlion.monitor.comparison.trace.SeriesPoint;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

class AccuracyChartTest {
  @TempDir private Path folder;

  private static SeriesPoint point(double seconds, double accuracy) {
    return new SeriesPoint(seconds, accuracy);
  }

  private static AccuracyPanel panel(Map<String, List<SeriesPoint>> curves) {
    return new AccuracyPanel("<homo> & co", OptionalDouble.of(0.8), 1, curves);
  }

  private static Document parse(String svg) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
  }

  private static List<Element> elements(Document svg, String tag, String style) {
    List<Element> found = new ArrayList<>();
    for (int i = 0; i < svg.getElementsByTagName(tag).getLength(); i++) {
      Element element = (Element) svg.getElementsByTagName(tag).item(i);
      if (element.getAttribute("class").equals(style)) {
        found.add(element);
      }
    }
    return found;
  }

  @Test
  void everyMethodHasACurveAndItsNameAtTheEndOfIt() throws Exception {
    Document svg =
        parse(
            AccuracyChart.of(
                List.of(panel(Map.of("dlion", List.of(point(0, 0.6), point(100, 0.9)))))));
    Element curve = elements(svg, "path", "m0").getFirst();
    assertThat(curve.getAttribute("d")).isEqualTo("M0 262L308 0"); // 60 to 90 % in 100 s
    Element name = elements(svg, "text", "m0").getFirst();
    assertThat(name.getTextContent()).isEqualTo("dlion");
    assertThat(name.getAttribute("y")).isEqualTo("4");
    assertThat(elements(svg, "path", "target").getFirst().getAttribute("d"))
        .isEqualTo("M0 87.3H308");
  }

  @Test
  void aMethodLooksTheSameInAllPanels() throws Exception {
    List<SeriesPoint> curve = List.of(point(10, 0.5), point(20, 0.7));
    Document svg =
        parse(
            AccuracyChart.of(
                List.of(
                    panel(Map.of("dlion", curve)),
                    panel(Map.of("ako", curve)),
                    panel(Map.of("dlion", curve, ComparisonSummary.IDEAL, curve)))));
    assertThat(elements(svg, "path", "m0")).hasSize(2);
    assertThat(elements(svg, "path", "m1")).hasSize(1);
    assertThat(elements(svg, "path", "ideal")).hasSize(1);
  }

  @Test
  void itHasColoursForLightAndDarkPages() {
    String svg = AccuracyChart.of(List.of(panel(Map.of("dlion", List.of(point(1, 0.5))))));
    assertThat(svg).contains("@media (prefers-color-scheme: dark)", "&lt;homo&gt; &amp; co");
  }

  @Test
  void namesDoNotOverlap() {
    assertThat(AccuracyChart.spread(new double[] {10, 12, 98, 99}, 5, 100))
        .containsExactly(10, 15, 95, 100);
  }

  @Test
  void aRunFolderHasAPanelForEachEnvironmentWithMeansOverSeeds() throws Exception {
    Files.writeString(
        folder.resolve("result.json"),
        """
        {"environments": [{"environment": "a", "target": 0.8}, {"environment": "b", "target": 0.8}]}
        """);
    Files.writeString(
        folder.resolve("metrics.jsonl"),
        """
        {"t":10.0,"environment":"a","preset":"dlion","seed":1,"accuracy":0.5}
        {"t":20.0,"environment":"a","preset":"dlion","seed":1,"accuracy":0.7}
        {"t":10.0,"environment":"a","preset":"dlion","seed":2,"accuracy":0.3}
        {"t":20.0,"environment":"a","preset":"dlion","seed":2,"accuracy":0.9}
        {"t":10.0,"environment":"b","preset":"ako","seed":1,"accuracy":null}
        {"t":20.0,"environment":"b","preset":"ako","seed":1,"accuracy":0.2}
        """);
    List<AccuracyPanel> panels = AccuracyPanel.read(List.of(folder));
    assertThat(panels).extracting(AccuracyPanel::environment).containsExactly("a", "b");
    AccuracyPanel first = panels.getFirst();
    assertThat(first.target()).hasValue(0.8);
    assertThat(first.seeds()).isEqualTo(2);
    assertThat(first.curves())
        .hasEntrySatisfying(
            "dlion",
            curve -> {
              assertThat(curve.getFirst()).isEqualTo(point(10, 0.4));
              assertThat(curve.getLast()).isEqualTo(point(20, 0.8));
            });
    assertThat(panels.getLast().curves()).containsEntry("ako", List.of(point(20, 0.2)));
  }
}
