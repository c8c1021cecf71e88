package io.dlion.emulator.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dlion.core.WorkerId;
import io.dlion.core.learn.Examples;
import io.dlion.core.node.Node;
import io.dlion.core.node.Replica;
import io.dlion.core.report.Report;
import io.dlion.core.report.StreamFigures;
import io.dlion.core.settings.Presets;
import io.dlion.core.settings.Settings;
import io.dlion.core.strategy.Strategy;
import io.dlion.emulator.environment.Environment;
import io.dlion.emulator.environment.Environments;
import io.dlion.emulator.stream.Streams;
import io.dlion.emulator.stream.WorkerSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Emulated workers that learn from streams. */
class EmulatedStreamTest {
  private static final long SECOND = 1_000_000_000L;
  private static final long SEED = 7;
  private static final WorkerId W1 = new WorkerId("w1");
  private static final WorkerId W2 = new WorkerId("w2");
  private static final WorkerId W3 = new WorkerId("w3");
  private static final Examples SHARE = new ToyExamples(600);

  private static final String WORKERS =
      """
      calibration: {alpha-seconds: 0.02, beta-seconds: 0.002}
      workers:
        - {count: 2, site: a, cores: 24, mbit: 20}
        - {site: b, cores: 16, mbit: 10}
      """;
  private static final String STEADY = WORKERS + "stream: {rate: 40}\n";

  private final Tape tape = new Tape();
  private final Map<WorkerId, Replica> replicas = new TreeMap<>();

  private static Environment environment(String yaml, long seconds) {
    return Environments.parse("test", yaml).withBudget(seconds * SECOND).forModel(144);
  }

  private static Settings preset(String name) {
    return Presets.find(name).settings().with("optimizer.learning-rate", "0.5");
  }

  private void run(Environment where, Settings settings, long seconds, int cores) {
    List<Examples> shares = new ArrayList<>();
    where.workers().forEach(w -> shares.add(where.trains(w.id()) ? SHARE : new ToyExamples(0)));
    Emulation.Spec spec =
        new Emulation.Spec(
            where,
            Strategy.of(settings),
            shares,
            new ToyExamples(120),
            -1,
            Long.MAX_VALUE,
            seconds * SECOND,
            5 * SECOND,
            SEED,
            ExchangeCost.MEASURED,
            tape,
            () -> false);
    try (LearnerPool pool = new LearnerPool(_ -> new ToyLearner(), cores)) {
      Emulation.run(spec, pool, Trouble.NONE, new Remembers());
    }
  }

  private final class Remembers implements Watch {
    @Override
    public void born(WorkerId worker, long nowNanos, Node node, Replica replica, long iteration) {
      replicas.put(worker, replica);
    }
  }

  private List<StreamFigures> figures(WorkerId worker) {
    return tape.all(Report.Streamed.class).stream()
        .filter(r -> r.worker().equals(worker))
        .map(Report.Streamed::figures)
        .toList();
  }

  private StreamFigures last(WorkerId worker) {
    return figures(worker).getLast();
  }

  /** What has been learned are the first so many records, each of them once. */
  private void requireEachOnce(Environment where) {
    Streams streams = new Streams(where, SHARE.shape(), SEED);
    for (WorkerId worker : List.of(W1, W2, W3)) {
      WorkerSource source = streams.source(worker, SHARE).orElseThrow();
      List<StreamFigures> all = figures(worker);
      assertThat(all).isNotEmpty();
      for (StreamFigures figures : all) {
        long hash = 0;
        for (long record = 0; record < figures.learned(); record++) {
          hash += source.hash(record);
        }
        assertThat(figures.hash())
            .as("%s after %d records", worker, figures.learned())
            .isEqualTo(hash);
      }
    }
  }

  private List<List<Float>> weights() {
    List<List<Float>> all = new ArrayList<>();
    for (Replica replica : replicas.values()) {
      List<Float> its = new ArrayList<>();
      for (float weight : ToyLearner.copy(replica.weights())) {
        its.add(weight);
      }
      all.add(its);
    }
    return all;
  }

  @Test
  void theSameSeedGivesTheSameRunOnAnyNumberOfCores() {
    String yaml =
        WORKERS
            + "stream: {rate: 40, bursts: {every: 10s, length: 2s, factor: 4},"
            + " drift: [{at: 1/2, kind: gradual, over: 5s}]}\n";
    run(environment(yaml, 30), preset("dlion"), 30, 1);
    List<String> first = List.copyOf(tape.lines);
    List<List<Float>> firstWeights = weights();
    tape.lines.clear();
    replicas.clear();
    run(environment(yaml, 30), preset("dlion"), 30, 3);
    assertThat(first).hasSizeGreaterThan(1000);
    assertThat(tape.lines).isEqualTo(first);
    assertThat(weights()).isEqualTo(firstWeights).hasSize(3);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "dlion",
        "baseline",
        "ako",
        "gaia",
        "hop",
        "diloco",
        "sparseloco",
        "local",
        "adsp",
        "bsp",
        "ssp"
      })
  void everyPresetLearnsFromEachRecordOnce(String name) {
    Environment where = environment(STEADY, 40);
    run(where, preset(name), 40, 1);
    requireEachOnce(where);
    StreamFigures figures = last(W1);
    assertThat(figures.learned()).isGreaterThan(1000);
    assertThat(figures.site().window()).isGreaterThan(0.5);
    assertThat(figures.shed()).isZero();
    assertThat(figures.arrivalsPerSecond()).isCloseTo(40, within(10.0));
    assertThat(tape.all(Report.Evaluated.class).getLast().accuracy()).isGreaterThan(0.5);
  }

  @Test
  void recordsAreSoonInAllModels() {
    run(environment(STEADY, 40), preset("dlion"), 40, 1);
    for (WorkerId worker : List.of(W1, W2, W3)) {
      StreamFigures.Freshness freshness = last(worker).freshness();
      assertThat(freshness.records()).isGreaterThan(1000);
      assertThat(freshness.p50Seconds()).isBetween(0.05, 3.0);
      assertThat(freshness.p99Seconds()).isBetween(freshness.p50Seconds(), 10.0);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"dlion", "baseline", "bsp"})
  void whoCrashesAndComesAgainMissesNothing(String name) {
    String crash = "events: [{at: 20s, crash: w3}, {at: 26s, restart: w3}]\n";
    Environment where = environment(STEADY + crash, 60);
    run(where, preset(name).with("checkpoint.every", "5"), 60, 1);
    requireEachOnce(where);
    // 60 s · 40 records a second, the last report up to a second before the end
    assertThat(last(W3).learned()).isCloseTo(2400, within(200L));
    assertThat(last(W3).queued() + last(W3).backlog()).isLessThan(100);
  }

  @Test
  void aChangeOfTheWorldIsFoundAfterItHappens() {
    String yaml = WORKERS + "stream: {rate: 40, drift: [{at: 50s, kind: sudden, classes: 4}]}\n";
    Environment where = environment(yaml, 100);
    run(where, preset("dlion"), 100, 1);
    List<Report.Drifted> found = tape.all(Report.Drifted.class);
    assertThat(found).isNotEmpty().allMatch(d -> d.atNanos() >= 50 * SECOND);
    assertThat(found.getFirst().atNanos()).isLessThan(65 * SECOND);
    assertThat(found).anyMatch(Report.Drifted::cluster);
    assertThat(where.driftSeconds()).containsExactly(50.0);
    // the test set has changed with the world: right after it, two classes of six are still right
    List<Report.Evaluated> evaluated = tape.all(Report.Evaluated.class);
    assertThat(accuracyAt(evaluated, 50)).isCloseTo(1.0 / 3, within(0.01));
    assertThat(accuracyAt(evaluated, 45)).isEqualTo(1);
    assertThat(accuracyAt(evaluated, 95)).isGreaterThan(0.95);
  }

  private static double accuracyAt(List<Report.Evaluated> evaluated, long seconds) {
    return evaluated.stream()
        .filter(r -> r.atNanos() == seconds * SECOND && r.worker().equals(W1))
        .findFirst()
        .orElseThrow()
        .accuracy();
  }

  @Test
  void whoRestsMakesAStepForEachArrivalOrSecond() {
    String slow = WORKERS + "stream: {rate: 0.5}\n";
    Settings always = preset("local").with("replay.passes", "0");
    run(environment(slow, 60), always, 60, 1);
    long replaying = iterations();
    long replayed = last(W1).replayed();
    tape.reports.clear();
    run(environment(slow, 60), always.with("stream.idle", "rest"), 60, 1);
    assertThat(iterations()).isBetween(3 * 60L, 3 * 95L);
    assertThat(replaying).isGreaterThan(3 * iterations());
    assertThat(last(W1).replayed()).isLessThan(replayed / 3);
    assertThat(last(W1).learned()).isCloseTo(30, within(2L));
  }

  private long iterations() {
    return tape.all(Report.Iteration.class).size();
  }

  @Test
  void whereNothingIsThereFromTheBeginningTrainingWaitsForRecords() {
    String later =
        WORKERS + "stream: {rate: [{from: 0s, value: 0}, {from: 10s, value: 40}], begin: 0%}\n";
    Environment where = environment(later, 30);
    run(where, preset("dlion"), 30, 1);
    requireEachOnce(where);
    assertThat(last(W3).learned()).isCloseTo(800, within(80L));
    assertThat(tape.all(Report.Evaluated.class).getLast().accuracy()).isGreaterThan(0.8);
  }

  @Test
  void anOverloadedWorkerShedsOrLeavesRecordsAtTheSource() {
    String fast = WORKERS + "stream: {rate: 2000}\n";
    Settings small = preset("local").with("stream.queue", "256");
    run(environment(fast, 20), small, 20, 1);
    assertThat(last(W1).shed()).isZero();
    assertThat(last(W1).backlog()).isGreaterThan(10_000);
    assertThat(last(W1).queued()).isLessThanOrEqualTo(256);
    for (String shed : List.of("oldest", "newest", "sample")) {
      tape.reports.clear();
      run(environment(fast, 20), small.with("stream.shed", shed), 20, 1);
      StreamFigures figures = last(W1);
      assertThat(figures.backlog()).isZero();
      assertThat(figures.learned() + figures.shed() + figures.queued())
          .isCloseTo(2000L * 19, within(2500L));
    }
  }

  @Test
  void whoHasNoStreamLearnsFromItsExamplesBesideThoseWhoHave() {
    String mixed =
        """
        calibration: {alpha-seconds: 0.02, beta-seconds: 0.002}
        workers:
          - {count: 2, site: a, cores: 24, mbit: 20}
          - {site: b, cores: 8, mbit: 10, stream: {rate: 0, begin: 100%}}
        stream: {rate: 40}
        """;
    run(environment(mixed, 30), preset("dlion"), 30, 1);
    assertThat(figures(W3)).isEmpty();
    assertThat(last(W1).freshness().records()).isGreaterThan(500);
    assertThat(tape.all(Report.Iteration.class)).anyMatch(r -> r.worker().equals(W3));
  }
}
