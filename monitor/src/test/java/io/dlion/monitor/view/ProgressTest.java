package io.dlion.monitor.view;

import static io.dlion.monitor.Reports.SECOND;
import static io.dlion.monitor.Reports.W1;
import static io.dlion.monitor.Reports.W2;
import static org.assertj.core.api.Assertions.assertThat;

import io.dlion.core.report.Report;
import io.dlion.monitor.Fanout;
import io.dlion.monitor.Reports;
import io.dlion.monitor.statistics.RunGoal;
import io.dlion.monitor.statistics.RunStatistics;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ProgressTest {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
  private final RunStatistics statistics = new RunStatistics(RunGoal.epochs(1000, 3));

  private String printed() {
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private void train(Fanout sinks) {
    for (int i = 0; i < 250; i++) {
      double at = (i + 1) / 10.0;
      sinks.accept(Reports.iteration(W1, at, i, 4, 0.5, 4L * (i + 1)));
      sinks.accept(Reports.iteration(W2, at, i, 4, 0.5, 4L * (i + 1)));
      sinks.accept(Reports.sent(W1, at, W2, 1000));
    }
  }

  @Test
  void plainLinesComeEveryTenSecondsAndAtEachEvent() {
    try (Progress plain = Progress.of(false, out, statistics, "title", () -> 0, Map.of())) {
      Fanout sinks = Fanout.of(statistics, plain);
      train(sinks);
      sinks.accept(Reports.evaluated(W1, 25, 0.75));
      sinks.accept(Reports.evaluated(W2, 26, 0.5));
      sinks.accept(Reports.notice(W2, 26, Report.Severity.WARNING, "w3\u001b[31m left\n"));
      sinks.accept(Reports.notice(W2, 27, Report.Severity.INFO, "hello"));
      sinks.accept(Reports.evaluated(W2, 28, 0.625));
      plain.say("stopping");
    }
    assertThat(printed())
        .isEqualToNormalizingNewlines(
            """
            title
            0:10  26 %  epoch 0.80 of 3  iteration 99 to 100  loss 0.5000  80 samples/s  99.0 kB sent  \
            about 0:27 left
            0:20  53 %  epoch 1.60 of 3  iteration 199 to 200  loss 0.5000  80 samples/s  199 kB sent  \
            about 0:17 left
            0:26  test accuracy 0.6250 mean of 2, worst 0.5000 (w2), loss 0.3750
            0:26  warning: w2: w3 [31m left
            0:27  w2: hello
            stopping
            0:28  test accuracy 0.6250 (w2), loss 0.3750
            """);
  }

  @Test
  void plainLinesTellOfClientsAndTheirServer() {
    try (Progress plain = Progress.of(false, out, statistics, "title", () -> 0, Map.of())) {
      Fanout sinks = Fanout.of(statistics, plain);
      sinks.accept(Reports.serving(W1, 0, 0, 4, ""));
      sinks.accept(Reports.iteration(W2, 5, 0, 4, 0.5, 4));
      sinks.accept(Reports.committed(W2, 5, 3, 3, 4));
      sinks.accept(Reports.iteration(W2, 9, 1, 4, 0.5, 8));
      sinks.accept(Reports.serving(W1, 10, 30, 4, "probing C = 4"));
      sinks.accept(Reports.evaluated(W1, 11, 0.9));
      sinks.accept(Reports.evaluated(W2, 12, 0.5));
    }
    assertThat(printed())
        .isEqualToNormalizingNewlines(
            """
            title
            0:10  0 %  epoch 0.01 of 3  iteration 2  loss 0.5000  2 samples/s  1.50 kB sent  about 25:33 left
            0:10  commits w2 3/4, 1 step since, waited 0 %
            0:10  server w1  version 30  3.00 commits/s  commit target 4  probing C = 4, reward 0.0213  \
            implicit momentum 0.36
            0:12  test accuracy 0.5000 (w2), loss 0.5000
            """);
  }

  @Test
  void plainLinesOfAProcessThatOnlyServesAreOfTheServer() {
    try (Progress plain = Progress.of(false, out, statistics, "title", () -> 0, Map.of())) {
      Fanout sinks = Fanout.of(statistics, plain);
      sinks.accept(Reports.serving(W1, 0, 0, 0, ""));
      sinks.accept(Reports.serving(W1, 10, 30, 0, ""));
    }
    assertThat(printed())
        .isEqualToNormalizingNewlines(
            """
            title
            0:10  server w1  version 30  3.00 commits/s  implicit momentum 0.36
            """);
  }

  @Test
  void aWorkerHeardTwiceBeginsANewRound() {
    try (Progress plain = Progress.of(false, out, statistics, "title", () -> 0, Map.of())) {
      Fanout sinks = Fanout.of(statistics, plain);
      sinks.accept(Reports.iteration(W1, 1, 0, 4, 0.5, 4));
      sinks.accept(Reports.iteration(W2, 1, 0, 4, 0.5, 4));
      sinks.accept(Reports.evaluated(W1, 2, 0.25));
      sinks.accept(Reports.evaluated(W1, 3, 0.5));
      sinks.accept(Reports.evaluated(W2, 3, 0.75));
    }
    assertThat(printed())
        .isEqualToNormalizingNewlines(
            """
            title
            0:02  test accuracy 0.2500 (w1), loss 0.7500
            0:03  test accuracy 0.6250 mean of 2, worst 0.5000 (w1), loss 0.3750
            """);
  }

  @Test
  void quickEvaluationsAreThinnedOutButForTheLast() {
    try (Progress plain = Progress.of(false, out, statistics, "title", () -> 0, Map.of())) {
      Fanout sinks = Fanout.of(statistics, plain);
      sinks.accept(Reports.iteration(W1, 1, 0, 4, 0.5, 4));
      for (int second = 1; second <= 8; second++) {
        sinks.accept(Reports.evaluated(W1, second, second / 10.0));
      }
    }
    assertThat(printed())
        .isEqualToNormalizingNewlines(
            """
            title
            0:01  test accuracy 0.1000 (w1), loss 0.9000
            0:06  test accuracy 0.6000 (w1), loss 0.4000
            0:08  test accuracy 0.8000 (w1), loss 0.2000
            """);
  }

  @Test
  void whatAllWorkersSayIsShownOnceAndWarningsAlways() {
    LiveView view = live();
    try (Progress plain = Progress.of(false, out, statistics, "title", () -> 0, Map.of())) {
      for (Progress progress : List.of(plain, view)) {
        progress.accept(Reports.notice(W1, 1, Report.Severity.INFO, "batch 90"));
        progress.accept(Reports.notice(W2, 1, Report.Severity.INFO, "batch 90"));
        progress.accept(Reports.notice(W1, 2, Report.Severity.WARNING, "left out"));
        progress.accept(Reports.notice(W2, 2, Report.Severity.WARNING, "left out"));
      }
    }
    String lines = "0:01  w1: batch 90\n0:02  warning: w1: left out\n0:02  warning: w2: left out\n";
    assertThat(printed()).isEqualTo("title\n" + lines);
    bytes.reset();
    view.draw();
    assertThat(printed()).contains("w1: batch 90").doesNotContain("w2: batch 90");
  }

  @Test
  void aDumbTerminalGetsPlainLines() {
    try (Progress plain =
        Progress.of(true, out, statistics, "title", () -> 0, Map.of("TERM", "dumb"))) {
      assertThat(plain).isInstanceOf(PlainProgress.class);
    }
    assertThat(printed()).doesNotContain("\u001b");
  }

  private LiveView live() {
    return new LiveView(
        out, statistics, "title", () -> SECOND, Style.PLAIN, () -> new TerminalSize(61, 24));
  }

  @Test
  void theLiveViewIsRedrawnInPlaceWithNoticesAbove() {
    LiveView view = live();
    view.draw();
    assertThat(printed())
        .startsWith("\u001b[?25ltitle\u001b[K\n")
        .contains("0:01 elapsed")
        .endsWith("\u001b[K\n\u001b[J");
    bytes.reset();
    statistics.accept(Reports.iteration(W1, 1, 0, 4, 0.5, 4));
    view.accept(Reports.notice(W1, 1, Report.Severity.ERROR, "\u001b[2J\u0007broken"));
    view.say("stopping");
    view.draw();
    assertThat(printed())
        .startsWith("\r\u001b[5Aerror: w1: [2J broken\u001b[K\nstopping\u001b[K\ntitle\u001b[K\n")
        .contains("\nw1 ");
    bytes.reset();
    view.draw();
    assertThat(printed()).startsWith("\r\u001b[6Atitle");
  }

  @Test
  void theLiveViewLeavesItsLastStateAndTheCursor() {
    LiveView view = live();
    view.draw();
    view.say("last words");
    bytes.reset();
    view.close();
    assertThat(printed()).contains("last words").contains("title").endsWith("\u001b[?25h");
    bytes.reset();
    view.close();
    assertThat(printed()).isEmpty();
    view.say("afterwards");
    assertThat(printed()).isEqualTo("afterwards\n");
  }

  @Test
  void theLiveViewSurvivesAFloodOfNotices() {
    LiveView view = live();
    for (int i = 0; i < 500; i++) {
      view.accept(Reports.notice(W1, 1, Report.Severity.INFO, "n" + i));
    }
    view.draw();
    assertThat(printed()).contains("n99").doesNotContain("n100").contains("and 400 more notices");
  }

  @Test
  void aStartedLiveViewDrawsByItselfAndCloses() {
    Map<String, String> environment = Map.of("TERM", "xterm", "COLUMNS", "80", "NO_COLOR", "1");
    try (Progress view = Progress.of(true, out, statistics, "title", () -> 0, environment)) {
      assertThat(view).isInstanceOf(LiveView.class);
    }
    assertThat(printed()).contains("title").endsWith("\u001b[?25h").doesNotContain("m\u001b[0m");
  }

  @Test
  void plainLinesTellOfStreamsAndDrifts() {
    RunStatistics endless = new RunStatistics(RunGoal.endless(1000));
    try (Progress plain = Progress.of(false, out, endless, "title", () -> 0, Map.of())) {
      Fanout sinks = Fanout.of(endless, plain);
      sinks.accept(Reports.iteration(W1, 9, 0, 4, 0.5, 4));
      sinks.accept(Reports.streamed(W1, 9, 1000, 0.85, 0.86));
      sinks.accept(Reports.streamed(W1, 10, 1100, 0.872, 0.869));
      sinks.accept(Reports.drifted(W2, 192, false));
      sinks.accept(Reports.drifted(W1, 193, true));
      sinks.accept(Reports.drifted(W2, 194, true));
    }
    assertThat(printed())
        .isEqualToNormalizingNewlines(
            """
            title
            learns until stopped: Ctrl-C
            0:10  iteration 1  loss 0.5000  40 samples/s  0 B sent
            0:10  prequential 87.2 % (cluster 86.9 %)   1,100 records learned, 100/s
            0:10  backlog 1,200, queued 5   fresh p50 0.8 s p99 2.1 s   2 rejected
            drift at 3:12: errors of w2 rose from 8 % to 31 %
            drift at 3:13: errors of the cluster rose from 8 % to 31 %
            """);
  }

  @Test
  void theLiveViewTellsOfADriftAboveItself() {
    LiveView view = live();
    view.accept(Reports.drifted(W1, 192, true));
    view.accept(Reports.drifted(W2, 193, true)); // the same, from who agrees
    view.draw();
    assertThat(printed())
        .containsOnlyOnce("drift at")
        .contains("drift at 3:12: errors of the cluster rose from 8 % to 31 %\u001b[K\n");
  }
}
