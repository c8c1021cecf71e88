package io.dlion.monitor.view;

import static io.dlion.monitor.Reports.W1;
import static io.dlion.monitor.Reports.W2;
import static io.dlion.monitor.Reports.W3;
import static org.assertj.core.api.Assertions.assertThat;

import io.dlion.core.WorkerId;
import io.dlion.monitor.Reports;
import io.dlion.monitor.statistics.Drifts;
import io.dlion.monitor.statistics.LinkSnapshot;
import io.dlion.monitor.statistics.RunGoal;
import io.dlion.monitor.statistics.RunSnapshot;
import io.dlion.monitor.statistics.RunStatistics;
import io.dlion.monitor.statistics.WorkerSnapshot;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

final class ViewRendererTest {
  private static final ViewRenderer PLAIN = new ViewRenderer("cnn · dlion · digits", Style.PLAIN);

  private static LinkSnapshot link(WorkerId peer, double share, double bytesPerSecond) {
    return new LinkSnapshot(peer, 12.5, share, bytesPerSecond, 0, 1, 1);
  }

  private static WorkerSnapshot worker(
      WorkerId id, int batch, double loss, double speed, double accuracy, LinkSnapshot... links) {
    return new WorkerSnapshot(
        id,
        812,
        batch,
        96,
        loss,
        40_000,
        speed,
        3,
        OptionalDouble.of(accuracy),
        OptionalDouble.of(0.4),
        0.25,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        28_000_000,
        List.of(links));
  }

  private static RunSnapshot run(List<WorkerSnapshot> workers) {
    return new RunSnapshot(
        41 * Reports.SECOND,
        111_600,
        4812.3,
        false,
        1.86,
        OptionalDouble.of(3),
        OptionalDouble.of(0.62),
        OptionalLong.of(25 * Reports.SECOND),
        OptionalDouble.of(0.8741),
        OptionalDouble.of(0.8612),
        OptionalDouble.of(0.4),
        2436,
        84_200_000,
        Drifts.NONE,
        workers);
  }

  private static RunSnapshot three() {
    return run(
        List.of(
            worker(W1, 32, 0.43121, 1604, 0.8790, link(W2, 0.041, 2.4e6), link(W3, 1, 812e3)),
            worker(W2, 32, 0.4402, 1610.4, 0.8821, link(W1, 0.0399, 2.41e6), link(W3, 0.2, 50)),
            worker(W3, 8, 12.5, 401, 0.8612, link(W1, 0.0085, 0), link(W2, 0.0102, 1.2e9))));
  }

  private static String shown(ViewRenderer renderer, RunSnapshot run, int columns, int rows) {
    List<String> lines = renderer.render(run, columns, rows);
    assertThat(lines).allMatch(l -> l.replaceAll("\u001b\\[[0-9;]*m", "").length() <= columns);
    return String.join("\n", lines.stream().map(String::stripTrailing).toList());
  }

  @Test
  void fitsAHundredColumns() {
    assertThat(shown(PLAIN, three(), 100, 24))
        .isEqualTo(
            """
            cnn · dlion · digits
            ██████████████████░░░░░░░░░░░░   62 %   epoch 1.86 of 3   0:41 elapsed   about 0:25 left
            3 workers   4,812 samples/s   test accuracy 0.8741 (worst 0.8612)   84.2 MB sent

            worker   iteration batch     loss samples/s stale accuracy  sent: share of the gradient, rate
            w1             812    32   0.4312      1604     3   0.8790  →w2 4.10% 2.40MB/s  →w3  100%  812kB/s
            w2             812    32   0.4402      1610     3   0.8821  →w1 3.99% 2.41MB/s  →w3 20.0%    50B/s
            w3             812     8  12.5000       401     3   0.8612  →w1 0.85%     0B/s  →w2 1.02% 1.20GB/s\
            """);
  }

  @Test
  void linksThatDoNotFitHaveLinesOfTheirOwn() {
    assertThat(shown(PLAIN, three(), 79, 23))
        .isEqualTo(
            """
            cnn · dlion · digits
            ██████░░░░   62 %   epoch 1.86 of 3   0:41 elapsed   about 0:25 left
            3 workers   4,812 samples/s   test accuracy 0.8741 (worst 0.8612)
            84.2 MB sent

            worker   iteration batch     loss samples/s stale accuracy
                     sent: share of the gradient, rate
            w1             812    32   0.4312      1604     3   0.8790
                     →w2 4.10% 2.40MB/s  →w3  100%  812kB/s
            w2             812    32   0.4402      1610     3   0.8821
                     →w1 3.99% 2.41MB/s  →w3 20.0%    50B/s
            w3             812     8  12.5000       401     3   0.8612
                     →w1 0.85%     0B/s  →w2 1.02% 1.20GB/s\
            """);
  }

  @Test
  void fortyColumnsShowWhatMattersMost() {
    assertThat(shown(PLAIN, three(), 40, 24))
        .isEqualTo(
            """
            cnn · dlion · digits
             62 %   epoch 1.86 of 3   0:41 elapsed
            about 0:25 left
            3 workers   4,812 samples/s
            test accuracy 0.8741 (worst 0.8612)
            84.2 MB sent

            worker       loss samples/s accuracy
                     sent: share of the gradient, r…
            w1         0.4312      1604   0.8790
                     →w2 4.10% 2.40MB/s
                     →w3  100%  812kB/s
            w2         0.4402      1610   0.8821
                     →w1 3.99% 2.41MB/s
                     →w3 20.0%    50B/s
            w3        12.5000       401   0.8612
                     →w1 0.85%     0B/s
                     →w2 1.02% 1.20GB/s\
            """);
  }

  private static RunStatistics served() {
    RunStatistics statistics = new RunStatistics(RunGoal.epochs(1000, 3));
    statistics.accept(Reports.serving(W1, 0, 0, 4, "probing C = 4"));
    for (int i = 0; i < 10; i++) {
      statistics.accept(Reports.iteration(W2, (i + 1) / 10.0, i, 10, 1, 10L * (i + 1)));
      statistics.accept(Reports.iteration(W3, (i + 1) / 10.0, i, 10, 1, 10L * (i + 1)));
      if (i == 6) {
        statistics.accept(Reports.committed(W2, 0.7, 3, 3, 4));
        statistics.accept(Reports.committed(W3, 0.7, 118, 118, 0));
      }
    }
    statistics.accept(Reports.serving(W1, 1, 6, 4, "probing C = 4"));
    return statistics;
  }

  @Test
  void clientsAndTheirServerHaveFiguresOfTheirOwn() {
    assertThat(shown(PLAIN, served().snapshot(), 100, 24))
        .isEqualTo(
            """
            cnn · dlion · digits
            ██░░░░░░░░░░░░░░░░░░░░░░░░░░░░    6 %   epoch 0.20 of 3   0:01 elapsed   about 0:14 left
            3 workers   190 samples/s   3.00 kB sent
            server w1   version 6   6.00 commits/s   commit target 4   probing C = 4, reward 0.0213
            implicit momentum 0.36

            worker   iteration batch     loss samples/s stale accuracy steps commits waited
            w1               -     -        -         -     -        -     -  serves      -
            w2              10    10   1.0000       100     2        -     3     3/4    0 %
            w3              10    10   1.0000       100     2        -     3     118    0 %\
            """);
    assertThat(PLAIN.render(served().snapshot(), 40, 24))
        .contains("worker       loss accuracy commits");
  }

  @Test
  void aProcessThatOnlyServesHasNoSpeedAndNoEpochs() {
    RunStatistics statistics = new RunStatistics(RunGoal.epochs(1000, 3));
    statistics.accept(Reports.serving(W1, 0, 0, 4, ""));
    assertThat(shown(PLAIN, statistics.snapshot(), 100, 24))
        .contains("0:00 elapsed\n1 worker   0 B sent\nserver w1   version 0")
        .doesNotContain("NaN", "0 samples/s", "epoch", "%");
  }

  private static List<WorkerSnapshot> mesh(int size) {
    List<WorkerSnapshot> workers = new ArrayList<>();
    for (int i = 1; i <= size; i++) {
      List<LinkSnapshot> links = new ArrayList<>();
      for (int j = 1; j <= size; j++) {
        if (j != i) {
          links.add(link(new WorkerId("w" + j), 0.1, 1e6));
        }
      }
      workers.add(
          worker(new WorkerId("w" + i), 32, 1, 10, 0.5, links.toArray(LinkSnapshot[]::new)));
    }
    return workers;
  }

  private static List<String> workerLines(int workers, int columns, int rows) {
    List<String> lines = shown(PLAIN, run(mesh(workers)), columns, rows).lines().toList();
    assertThat(lines).hasSizeLessThanOrEqualTo(rows);
    return lines.subList(lines.indexOf("") + 1, lines.size());
  }

  @Test
  void manyLinksTakeTheLinesThereAre() {
    List<String> eight = workerLines(8, 79, 23);
    assertThat(eight).hasSize(2 + 8 * 2 - 1 + 1);
    assertThat(eight.get(2)).startsWith("w1 ");
    assertThat(eight.get(3))
        .isEqualTo("         →w2 10.0% 1.00MB/s  →w3 10.0% 1.00MB/s  →w4 10.0% 1.00MB/s  +4");
    assertThat(workerLines(8, 79, 60).subList(2, 6))
        .extracting(line -> line.strip().substring(0, 3))
        .as("a high terminal is not filled")
        .containsExactly("w1 ", "→w2", "w2 ", "→w1");
  }

  @Test
  void whereNoLinesAreLeftTheSumOfTheLinksIsShown() {
    List<String> twelve = workerLines(12, 79, 23);
    assertThat(twelve).hasSize(13);
    assertThat(twelve.getFirst()).endsWith("accuracy  sent: share, rate");
    assertThat(twelve.get(1)).endsWith("0.5000  →all 10.0% 11.0MB/s");
    assertThat(workerLines(12, 199, 23).get(1)).contains("→w2 ", "→w7 ").endsWith("  +5");
    assertThat(workerLines(64, 79, 10)).last().isEqualTo("… and 61 more");
  }

  @Test
  void aWideTerminalShowsAllLinksBesideTheFigures() {
    List<String> seven = workerLines(7, 199, 23);
    assertThat(seven).hasSize(8);
    assertThat(seven.get(7)).contains("→w1 ").endsWith("→w6 10.0% 1.00MB/s");
    assertThat(workerLines(4, 119, 23)).hasSize(5);
  }

  @Test
  void showsNoBarWhereNobodyKnowsTheEnd() {
    RunSnapshot start =
        new RunStatistics(RunGoal.accuracy(1000, 0.9)).snapshot(3_700 * Reports.SECOND);
    assertThat(shown(PLAIN, start, 100, 24))
        .isEqualTo(
            """
            cnn · dlion · digits
            epoch 0.00   1:01:40 elapsed
            0 workers   0 samples/s   0 B sent

            worker   iteration batch     loss samples/s stale accuracy  sent: share of the gradient, rate\
            """);
  }

  @Test
  void showsAFewOfManyWorkers() {
    List<WorkerSnapshot> many = new ArrayList<>();
    for (int i = 1; i <= 64; i++) {
      many.add(worker(new WorkerId("w" + i), 32, 1, 10, 0.5));
    }
    List<String> lines = PLAIN.render(run(many), 100, 50);
    assertThat(lines).hasSize(ViewRenderer.FRAME_LINES + 12);
    assertThat(lines.getLast()).isEqualTo("… and 53 more");
    assertThat(PLAIN.render(run(many), 100, 8)).hasSize(8).last().isEqualTo("… and 62 more");
    assertThat(PLAIN.render(run(many.subList(0, 12)), 100, 50))
        .hasSize(ViewRenderer.FRAME_LINES + 12)
        .last(org.assertj.core.api.InstanceOfAssertFactories.STRING)
        .startsWith("w12");
  }

  @Test
  void coloursRepeatWhatWordsSay() {
    ViewRenderer coloured = new ViewRenderer("t", Style.COLOUR);
    RunSnapshot broken = run(List.of(worker(W1, 32, Double.NaN, 5, 0.5)));
    List<String> lines = coloured.render(broken, 60, 24);
    assertThat(lines.getLast()).startsWith("\u001b[1;33mw1").contains("NaN").endsWith("\u001b[0m");
    assertThat(lines.stream().map(l -> l.replaceAll("\u001b\\[[0-9;]*m", "")).toList())
        .isEqualTo(new ViewRenderer("t", Style.PLAIN).render(broken, 60, 24));
  }

  @Test
  void usesPlainSignsWhereOthersCannotBeShown() {
    assertThat(ViewRenderer.shown("█░→…", StandardCharsets.US_ASCII)).isEqualTo("#.>~");
    assertThat(ViewRenderer.shown("█░→…", StandardCharsets.UTF_8)).isEqualTo("█░→…");
  }

  @Test
  void aStreamIsToldOfInEightyColumns() {
    RunStatistics statistics = new RunStatistics(RunGoal.endless(0));
    statistics.accept(Reports.iteration(W1, 1, 9, 32, 0.5, 320));
    statistics.accept(Reports.iteration(W2, 1, 4, 16, 0.5, 80));
    statistics.accept(Reports.streamed(W1, 1, 11_000, 0.85, 0.869));
    statistics.accept(Reports.streamed(W1, 3, 12_345, 0.872, 0.869));
    statistics.accept(Reports.drifted(W1, 3, false));
    assertThat(shown(PLAIN, statistics.snapshot(), 79, 24))
        .isEqualTo(
            """
            cnn · dlion · digits
            0:03 elapsed   learns until stopped: Ctrl-C
            prequential 87.2 % (cluster 86.9 %)   12,345 records learned, 673/s
            backlog 1,200, queued 5   fresh p50 0.8 s p99 2.1 s   2 rejected   1 drift
            2 workers   160 samples/s   0 B sent

            worker   iteration batch     loss samples/s stale accuracy preq. %  queued
            w1              10    32   0.5000       320     2        -    87.2       5
            w2               5    16   0.5000       160     2        -       -       -\
            """);
    shown(PLAIN, statistics.snapshot(), 40, 24);
  }

  @Test
  void aStreamThatHasJustBegunHasNoAccuracyYet() {
    RunStatistics statistics = new RunStatistics(RunGoal.epochs(1000, 3));
    statistics.accept(Reports.streamedNothing(W1, 1));
    assertThat(shown(PLAIN, statistics.snapshot(), 79, 24))
        .contains("epoch 0.00 of 3", "\n0 records learned, 0.0/s   queued 0\n")
        .doesNotContain("prequential", "fresh", "rejected", "shed", "until stopped");
  }
}
