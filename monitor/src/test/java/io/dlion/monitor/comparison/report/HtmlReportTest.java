package io.dlion.monitor.comparison.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dlion.monitor.comparison.Comparison;
import io.dlion.monitor.comparison.ComparisonSummary;
import io.dlion.monitor.comparison.PlausibleRuns;
import io.dlion.monitor.comparison.Runs;
import io.dlion.monitor.comparison.trace.RunRecorder;
import io.dlion.monitor.comparison.trace.SeedRun;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HtmlReportTest {
  private static final String EVIL = "</script><script>alert(1)</script>\"'&{{data}}$1\\";
  private static final Pattern SCRIPTS = Pattern.compile("(?s)<script[^>]*>.*?</script>");

  private static ReportHeader header(String text) {
    return new ReportHeader(text, "dlion emulate " + text, Map.of(text, text));
  }

  private static ComparisonSummary plausible(int workers) {
    int presets = workers > 6 ? 1 : 7;
    return ComparisonSummary.of(
        PlausibleRuns.comparison(
            "hetero-sys-a", PlausibleRuns.SEVEN.subList(0, presets), workers, 1, 0.85));
  }

  @Test
  void theFileLoadsNothing(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("report.html");
    HtmlReport.write(file, header("title"), List.of(plausible(6)));
    String html = Files.readString(file);
    assertThat(html)
        .contains("http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'");
    String withoutScripts = SCRIPTS.matcher(html).replaceAll("");
    assertThat(withoutScripts)
        .doesNotContain("http://", "https://", " src=", "<link", "<img", "@import", "url(");
    // Addresses within the chart library are names of XML spaces and its licence.
    Matcher addresses = Pattern.compile("https?://[^\"'\\s)]+").matcher(html);
    assertThat(addresses.results().map(m -> m.group()))
        .allMatch(a -> a.contains("www.w3.org/") || a.contains("LICENSE"));
    assertThat(html).doesNotContain("<script src");
    assertThat(html).contains("Licensed to the Apache Software Foundation");
  }

  @Test
  void namesCannotBecomeMarkup() throws IOException {
    Comparison c =
        new Comparison(
            EVIL,
            OptionalDouble.of(0.85),
            600,
            EVIL,
            EVIL,
            List.of(EVIL),
            List.of(
                new Comparison.PresetRuns(
                    EVIL, Map.of(EVIL, EVIL), List.of(Runs.reaching(1, 100)))),
            List.of());
    String html =
        HtmlReport.toHtml(header(EVIL), List.of(ComparisonSummary.of(c), ComparisonSummary.of(c)));
    assertThat(html).doesNotContain("<script>alert");
    // The three scripts of the template: data, charts, and what draws them.
    assertThat(html.split("<script", -1)).hasSize(4);
    assertThat(html.split("</script", -1)).hasSize(4);
    // Once in the data of each environment, as environment and as preset.
    JsonNode environment = data(html).at("/environments/0");
    assertThat(environment.get("name").asText()).isEqualTo(EVIL);
    assertThat(environment.at("/presets/0/name").asText()).isEqualTo(EVIL);
  }

  @Test
  void aReportOfManyEnvironmentsIsSmallAndHasASectionForEach() {
    ComparisonSummary one = plausible(6);
    String html = HtmlReport.toHtml(header("all"), List.of(one, one, one, one, one, one, one));
    assertThat(html.getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(3_000_000);
    assertThat(html).contains("All environments").contains("id=\"environment-6\"");
  }

  @Test
  void whatIsTooMuchForAPageIsPutTogether() throws IOException {
    JsonNode detail =
        data(HtmlReport.toHtml(header("many"), List.of(plausible(130))))
            .at("/environments/0/presets/0/detail");
    assertThat(detail.at("/bytes/names")).hasSize(44); // groups of three
    assertThat(detail.at("/bytes/names/0").asText()).isEqualTo("w0–w2");
    assertThat(detail.at("/bytes/names/43").asText()).isEqualTo("w129");
    assertThat(detail.at("/timeline/rows")).hasSize(12);
    assertThat(detail.at("/timeline/rows/11/name").asText()).isEqualTo("w129");
    assertThat(detail.at("/batches/band").size()).isPositive();
    assertThat(detail.at("/n/rows")).hasSize(130);
  }

  @Test
  void groupedBytesAddUpToAllBytes() throws IOException {
    ComparisonSummary summary = plausible(130);
    JsonNode cells =
        data(HtmlReport.toHtml(header("many"), List.of(summary)))
            .at("/environments/0/presets/0/detail/bytes/cells");
    long sum = 0;
    for (JsonNode cell : cells) {
      sum += cell.get(2).asLong();
    }
    assertThat(sum)
        .isEqualTo(
            summary.comparison().presets().getFirst().runs().getFirst().totals().bytesSent());
  }

  @Test
  void runsWithoutEvaluationsOrWorkersMakeAReport() throws IOException {
    SeedRun empty = new RunRecorder(1, List.of(), 0, 0).finish("time", 0);
    String html =
        HtmlReport.toHtml(
            header("empty"),
            List.of(
                ComparisonSummary.of(
                    Runs.comparison(Runs.preset("a", empty), Runs.preset("b", Runs.diverged(1))))));
    JsonNode presets = data(html).at("/environments/0/presets");
    assertThat(presets.at("/0/accuracy")).isEmpty();
    assertThat(presets.at("/1/accuracy")).isEmpty();
    assertThat(presets.at("/1/diverged/0/accuracy").size()).isPositive();
    assertThat(html).contains("not reached by 600 s").contains(">diverged<");
  }

  @Test
  void theSearchForARateOfCommitsIsDrawnWhereThereIsAServer() throws IOException {
    String html =
        HtmlReport.toHtml(
            header("x"),
            List.of(
                ComparisonSummary.of(
                    Runs.comparison(
                        Runs.preset("a", Runs.missing(1)), Runs.preset("adsp", Runs.served(1))))));
    assertThat(html).contains("data-chart=\"commits\"").doesNotContain("probing <b>");
    JsonNode presets = data(html).at("/environments/0/presets");
    assertThat(presets.at("/0/detail").has("commits")).isFalse();
    JsonNode commits = presets.at("/1/detail/commits");
    assertThat(commits.get("periods").asBoolean()).isTrue();
    assertThat(commits.get("points").toString()).isEqualTo("[[0,1,null],[60,2,0.5],[120,2,0.25]]");
    assertThat(commits.at("/texts/0").asText()).isEqualTo("w0: probing C = 1");
    assertThat(commits.at("/texts/2").asText()).isEqualTo("w0: no search, reward 0.0300");
    assertThat(commits.get("searching").toString()).isEqualTo("[true,true,false]");
    assertThat(HtmlReport.toHtml(header("x"), List.of(plausible(6))))
        .doesNotContain("data-chart=\"commits\"");
  }

  @Test
  void aRunWithAServerShowsItsCommitsAndWaits() throws IOException {
    ComparisonSummary summary =
        ComparisonSummary.of(
            PlausibleRuns.comparison("hetero-sys-a", PlausibleRuns.SERVED, 6, 2, 0.85));
    JsonNode commits =
        data(HtmlReport.toHtml(header("x"), List.of(summary)))
            .at("/environments/0/presets/0/detail/commits");
    assertThat(commits.get("points")).hasSizeBetween(12, 14); // two searches of five probes
    assertThat(summary.presets().getFirst().commits()).isGreaterThan(100);
    assertThat(summary.presets().getFirst().waitShare())
        .isLessThan(summary.presets().getLast().waitShare());
  }

  @Test
  void aPresetLooksTheSameInEveryEnvironment() throws IOException {
    ComparisonSummary ab =
        ComparisonSummary.of(
            Runs.comparison(Runs.preset("a", Runs.missing(1)), Runs.preset("b", Runs.missing(1))));
    ComparisonSummary cb =
        ComparisonSummary.of(
            Runs.comparison(Runs.preset("c", Runs.missing(1)), Runs.preset("b", Runs.missing(1))));
    JsonNode environments =
        data(HtmlReport.toHtml(header("two"), List.of(ab, cb))).get("environments");
    assertThat(environments.at("/0/presets/1/style").asInt()).isEqualTo(1);
    assertThat(environments.at("/1/presets/1/style").asInt()).isEqualTo(1);
    assertThat(environments.at("/1/presets/0/style").asInt()).isEqualTo(2);
  }

  @Test
  void theBestIsMarkedInText() {
    assertThat(HtmlReport.toHtml(header("x"), List.of(plausible(6)))).contains("<td>★ dlion</td>");
  }

  private static JsonNode data(String html) throws IOException {
    Matcher data =
        Pattern.compile("(?s)<script type=\"application/json\" id=\"data\">(.*?)</script>")
            .matcher(html);
    assertThat(data.find()).isTrue();
    return new ObjectMapper().readTree(data.group(1));
  }

  @Test
  void streamsHaveAChartAndColumnsWhereThereAreSome() throws IOException {
    Comparison c =
        Runs.comparison(
            Runs.preset("dlion", Runs.streaming(1, 0.86, 112.5)),
            Runs.preset("files", Runs.reaching(1, 100)));
    String html = HtmlReport.toHtml(header("t"), List.of(ComparisonSummary.of(c)));
    assertThat(html)
        .contains(
            "data-chart=\"prequential\"",
            "<th class=\"n\">recovery&nbsp;s after drift</th>",
            "<td class=\"n\">0.8 / 2.1</td><td class=\"n\">12.5</td>");
    JsonNode environment = data(html).at("/environments/0");
    assertThat(environment.get("drifts")).hasSize(1);
    assertThat(environment.at("/presets/0/prequential/0/0").asDouble()).isEqualTo(50);
    assertThat(environment.at("/presets/0/found/0").asDouble()).isEqualTo(102);
    assertThat(environment.at("/presets/1").has("prequential")).isFalse();
    Comparison without = Runs.comparison(Runs.preset("files", Runs.reaching(1, 100)));
    assertThat(HtmlReport.toHtml(header("t"), List.of(ComparisonSummary.of(without))))
        .doesNotContain("data-chart=\"prequential\"", "after drift");
  }
}
