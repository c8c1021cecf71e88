package io.dlion.emulator.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlion.core.WorkerId;
import io.dlion.core.WorkerPair;
import io.dlion.core.learn.Examples;
import io.dlion.core.node.Event;
import io.dlion.core.report.Report;
import io.dlion.core.settings.Presets;
import io.dlion.core.settings.Settings;
import io.dlion.core.strategy.Strategy;
import io.dlion.emulator.check.StubExamples;
import io.dlion.emulator.check.StubLearner;
import io.dlion.emulator.environment.Environment;
import io.dlion.emulator.environment.Environments;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Runs where some pairs cannot reach each other. */
class EmulatedRelaysTest {
  private static final long SECOND = 1_000_000_000L;
  private static final int PARAMETERS = 1000;
  private static final String FOUR =
      """
      workers: [{count: 4, cores: 24, mbit: 20}]
      calibration: {alpha-seconds: 0.02, beta-seconds: 0.002}
      """;

  private final Tape tape = new Tape();

  /** What each node was told of members and of paths, in order. */
  private final Map<WorkerId, List<Event>> told = new HashMap<>();

  private static WorkerId w(int number) {
    return new WorkerId("w" + number);
  }

  private static WorkerPair pair(int a, int b) {
    return new WorkerPair(w(a), w(b));
  }

  private Outcome run(Environment where, Settings settings) {
    Emulation.Spec spec =
        new Emulation.Spec(
            where.withBudget(60 * SECOND).forModel(4 * PARAMETERS),
            Strategy.of(settings.with("optimizer.learning-rate", "0.02")),
            Collections.<Examples>nCopies(where.workers().size(), new StubExamples(500)),
            new StubExamples(10),
            3000,
            Long.MAX_VALUE,
            60 * SECOND,
            5 * SECOND,
            7,
            ExchangeCost.FREE,
            tape,
            () -> false);
    Watch watch =
        new Watch() {
          @Override
          public void before(WorkerId worker, Event event) {
            if (event instanceof Event.PathsChanged || event instanceof Event.MembersChanged) {
              told.computeIfAbsent(worker, _ -> new ArrayList<>()).add(event);
            }
          }
        };
    try (LearnerPool pool = new LearnerPool(_ -> new StubLearner(PARAMETERS), 1)) {
      return Emulation.run(spec, pool, Trouble.NONE, watch);
    }
  }

  private Outcome run(String yaml, String preset) {
    return run(Environments.parse("here", yaml), Presets.find(preset).settings());
  }

  private List<Set<WorkerPair>> paths(int worker) {
    return told.getOrDefault(w(worker), List.of()).stream()
        .filter(Event.PathsChanged.class::isInstance)
        .map(e -> ((Event.PathsChanged) e).relayed())
        .toList();
  }

  private long secondOf(int worker, int event) {
    return told.getOrDefault(w(worker), List.of()).get(event).nowNanos() / SECOND;
  }

  @ParameterizedTest
  @CsvSource({
    "hub-a, dlion, 0.6", "hub-a, ako, 0.6", "hub-a, adsp, 0.25",
    "ring-cut, dlion, 0.6", "ring-cut, ako, 0.6", "ring-cut, adsp, 0.25"
  })
  void methodsTrainWhereSitesReachEachOtherOverOthers(String name, String preset, double accuracy)
      throws IOException {
    Outcome outcome = run(Environments.find(name), Presets.find(preset).settings());
    List<Report.Evaluated> evaluations = tape.all(Report.Evaluated.class);
    assertThat(evaluations.getLast().accuracy()).isGreaterThan(accuracy);
    assertThat(tape.all(Report.Notice.class))
        .noneMatch(n -> n.text().startsWith("lost ") || n.text().contains("are lost"));
    Set<WorkerPair> relayed =
        tape.relayed.stream().map(Tape.Relayed::pair).collect(Collectors.toSet());
    if (name.equals("hub-a")) {
      assertThat(relayed).containsExactlyInAnyOrder(pair(1, 5), pair(1, 6), pair(2, 5), pair(2, 6));
      assertThat(tape.relayed)
          .allMatch(r -> r.over().equals(List.of(w(3))))
          .allMatch(r -> r.fromNanos() == 0 && r.toNanos() == outcome.virtualNanos());
    } else {
      assertThat(relayed).containsExactlyInAnyOrder(pair(1, 2), pair(1, 3), pair(2, 4));
    }
    assertThat(tape.relayed.stream().mapToLong(Tape.Relayed::bytes).sum())
        .isBetween(1L, outcome.totalBytesSent());
  }

  @Test
  void theSameSeedSendsTheSameBytes() throws IOException {
    Settings settings = Presets.find("dlion").settings().with("topology.kind", "ring");
    run(Environments.find("ring-cut"), settings);
    List<String> first = List.copyOf(tape.lines);
    tape.lines.clear();
    run(Environments.find("ring-cut"), settings);
    assertThat(first).hasSizeGreaterThan(1000);
    assertThat(tape.lines).isEqualTo(first);
  }

  @Test
  void aBrokenPairIsNoticedToldAndForgotten() {
    run(FOUR + "events: [{at: 10s, unreachable: w1-w3, until: 30s}]", "ako");
    for (int k = 1; k <= 4; k++) {
      assertThat(paths(k)).containsExactly(Set.of(pair(1, 3)), Set.of());
      assertThat(secondOf(k, 0)).isEqualTo(13);
      assertThat(secondOf(k, 1)).isEqualTo(33);
      assertThat(told.get(w(k))).hasSize(2); // nobody was taken for gone
    }
    assertThat(Objects.requireNonNull(told.get(w(2))).getFirst().nowNanos())
        .as("others hear of it later than the two")
        .isEqualTo(Objects.requireNonNull(told.get(w(1))).getFirst().nowNanos() + 25_000_000);
    assertThat(tape.relayed)
        .singleElement()
        .matches(r -> r.over().equals(List.of(w(2))) && r.fromNanos() == 13 * SECOND)
        .matches(r -> r.toNanos() == 33 * SECOND && r.bytes() > 0);
  }

  @Test
  void aShortCutIsNotNoticed() {
    run(FOUR + "events: [{at: 10s, unreachable: w1-w3, until: 12s}]", "ako");
    assertThat(told).isEmpty();
    assertThat(tape.relayed).isEmpty();
  }

  @Test
  void whenARelayDiesAnotherTakesOverAndNothingIsLost() {
    run(
        FOUR + "unreachable: [w1-w3]\nevents: [{at: 20s, crash: w2}, {at: 40s, restart: w2}]",
        "baseline");
    assertThat(tape.relayed.stream().map(Tape.Relayed::over))
        .containsExactly(List.of(w(2)), List.of(w(4)));
    assertThat(tape.relayed.getLast().fromNanos()).isEqualTo(23 * SECOND);
    assertThat(tape.relayed.getLast().toNanos()).as("w4 keeps its task").isEqualTo(60 * SECOND);
    assertThat(tape.all(Report.Notice.class))
        .noneMatch(n -> n.worker().equals(w(1)) && n.text().contains("w3"))
        .noneMatch(n -> n.worker().equals(w(3)) && n.text().contains("w1"));
  }

  @Test
  void whereNoWayIsLeftTwoTakeEachOtherForGone() {
    run(
        """
        workers: [{count: 3, cores: 24, mbit: 20}]
        unreachable: [w1-w3]
        events: [{at: 20s, crash: w2}, {at: 40s, restart: w2}]
        """,
        "ako");
    List<Set<WorkerId>> seen =
        told.getOrDefault(w(1), List.of()).stream()
            .filter(Event.MembersChanged.class::isInstance)
            .map(e -> ((Event.MembersChanged) e).members())
            .distinct()
            .toList();
    assertThat(seen).contains(Set.of(w(1)), Set.of(w(1), w(2), w(3)));
    assertThat(paths(1)).containsExactly(Set.of(pair(1, 3)), Set.of(), Set.of(pair(1, 3)));
    assertThat(tape.relayed).hasSize(2).allMatch(r -> r.over().equals(List.of(w(2))));
  }

  @Test
  void neighboursInARingAreThoseThatReachEachOther() {
    run(
        Environments.parse("here", FOUR + "unreachable: [w1-w2, w2-w4]"),
        Presets.find("ako").settings().with("topology.kind", "ring"));
    // The ring w1-w2-w3-w4 is cut open between w1 and w2: nothing has to be relayed.
    Set<String> links = new TreeSet<>();
    for (Report.Sent sent : tape.all(Report.Sent.class)) {
      links.add(sent.worker() + ">" + sent.peer());
    }
    assertThat(links).containsExactly("w1>w4", "w2>w3", "w3>w2", "w3>w4", "w4>w1", "w4>w3");
  }

  @Test
  void aRingTurnsToOtherNeighboursWhileItRuns() {
    run(
        Environments.parse("here", FOUR + "events: [{at: 10s, unreachable: w1-w2}]"),
        Presets.find("ako").settings().with("topology.kind", "ring"));
    List<Report.Sent> between =
        tape.all(Report.Sent.class).stream()
            .filter(s -> pair(1, 2).has(s.worker()) && pair(1, 2).has(s.peer()))
            .toList();
    assertThat(between).isNotEmpty().allMatch(s -> s.atNanos() <= 13 * SECOND);
    List<Report.Sent> opposite =
        tape.all(Report.Sent.class).stream()
            .filter(s -> pair(3, 4).has(s.worker()) && pair(3, 4).has(s.peer()))
            .toList();
    assertThat(opposite).isNotEmpty().allMatch(s -> s.atNanos() >= 13 * SECOND);
    assertThat(tape.all(Report.Evaluated.class).getLast().accuracy()).isGreaterThan(0.6);
  }

  @Test
  void whoeverReachesMostServes() {
    run(FOUR + "unreachable: [w1-w2, w1-w4, w2-w4]", "ssp");
    assertThat(tape.all(Report.Notice.class))
        .filteredOn(n -> n.text().equals("serves"))
        .extracting(Report.Notice::worker)
        .containsExactly(w(3));
  }
}
