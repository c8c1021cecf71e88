package io.dlion.emulator.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dlion.core.WorkerId;
import io.dlion.core.learn.Examples;
import io.dlion.core.node.Action;
import io.dlion.core.node.BestModel;
import io.dlion.core.node.Checkpoint;
import io.dlion.core.node.Event;
import io.dlion.core.node.Node;
import io.dlion.core.node.NodeConfig;
import io.dlion.core.node.Replica;
import io.dlion.core.report.Report;
import io.dlion.core.settings.Presets;
import io.dlion.core.settings.Settings;
import io.dlion.core.strategy.Strategy;
import io.dlion.core.wire.Control.Reason;
import io.dlion.core.wire.Payload;
import io.dlion.emulator.check.StubExamples;
import io.dlion.emulator.check.StubLearner;
import io.dlion.emulator.environment.Environment;
import io.dlion.emulator.environment.Environments;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;

class EmulationTest {
  private static final long SECOND = 1_000_000_000L;

  private final Tape tape = new Tape();

  private static Environment environment(String name, long seconds) throws IOException {
    return Environments.find(name).withBudget(seconds * SECOND).forModel(4000);
  }

  private Emulation.Spec spec(Environment where, Settings settings, long goalSamples, int shards) {
    return spec(where, settings, Collections.nCopies(shards, new StubExamples(500)), goalSamples);
  }

  private Emulation.Spec spec(Environment where, Settings settings, List<Examples> data) {
    return spec(where, settings, data, Long.MAX_VALUE);
  }

  private Emulation.Spec spec(
      Environment where, Settings settings, List<Examples> data, long goalSamples) {
    return new Emulation.Spec(
        where,
        Strategy.of(settings),
        data,
        new StubExamples(10),
        3000,
        goalSamples,
        60 * SECOND,
        5 * SECOND,
        7,
        ExchangeCost.MEASURED,
        tape,
        () -> false);
  }

  private Outcome run(String environment, Settings settings, int cores) throws IOException {
    return run(environment, settings, cores, Long.MAX_VALUE);
  }

  private Outcome run(String environment, Settings settings, int cores, long goalSamples)
      throws IOException {
    try (LearnerPool pool = new LearnerPool(_ -> new StubLearner(1000), cores)) {
      return Emulation.run(spec(environment(environment, 60), settings, goalSamples, 6), pool);
    }
  }

  /** A server that says nothing. */
  private static final class Silent implements Node {
    private final Replica replica;

    Silent(Replica replica) {
      this.replica = replica;
    }

    @Override
    public List<Action> handle(Event event) {
      return List.of();
    }

    @Override
    public OptionalLong wakeAtNanos() {
      return OptionalLong.empty();
    }

    @Override
    public MemorySegment model() {
      return replica.weights();
    }

    @Override
    public MemorySegment modelBuffers() {
      return replica.buffers();
    }

    @Override
    public Optional<BestModel> best() {
      return Optional.empty();
    }

    @Override
    public boolean isJudged() {
      return false;
    }

    @Override
    public Checkpoint checkpoint() {
      throw new IllegalStateException("it saves nothing");
    }

    @Override
    public void restore(Checkpoint checkpoint) {
      throw new IllegalStateException("it has saved nothing");
    }
  }

  @Test
  void whereNobodyIsJudgedAtTheEndAllAre() throws IOException {
    Environment where = environment("adsp-3", 60);
    Examples some = new StubExamples(500);
    Emulation.Spec spec = spec(where, preset("local"), List.of(some, some, some, some));
    try (LearnerPool pool = new LearnerPool(_ -> new StubLearner(1000), 1)) {
      Emulation.run(spec, pool, nodes((config, replica) -> new Silent(replica)), Watch.NONE);
    }
    assertThat(tape.all(Report.Evaluated.class))
        .hasSize(4)
        .allMatch(r -> r.atNanos() >= 55 * SECOND);
  }

  private static Trouble nodes(BiFunction<NodeConfig, Replica, Node> nodes) {
    return new Trouble() {
      @Override
      public List<Arrival> arrivals(WorkerId from, WorkerId to, Payload payload, long atNanos) {
        return NONE.arrivals(from, to, payload, atNanos);
      }

      @Override
      public boolean diskFull(WorkerId worker, long atNanos) {
        return false;
      }

      @Override
      public boolean spoilsGradient(WorkerId worker, long atNanos) {
        return false;
      }

      @Override
      public Node node(NodeConfig config, Replica replica) {
        return nodes.apply(config, replica);
      }
    };
  }

  @Test
  void aWorkerWithoutExamplesTakesPartAndIsNotJudged() throws IOException {
    Map<WorkerId, Long> examples = new TreeMap<>();
    Trouble serves =
        nodes((config, replica) -> {
          examples.put(config.self(), config.examples());
          return config.examples() == 0 ? new Silent(replica) : Trouble.NONE.node(config, replica);
        });
    Environment where = environment("adsp-3", 60);
    Examples some = new StubExamples(500);
    Emulation.Spec spec =
        spec(where, preset("local"), List.of(some, some, some, new StubExamples(0)));
    try (LearnerPool pool = new LearnerPool(_ -> new StubLearner(1000), 1)) {
      Emulation.run(spec, pool, serves, Watch.NONE);
    }
    WorkerId server = new WorkerId("server");
    assertThat(examples)
        .hasSize(4)
        .containsEntry(server, 0L)
        .containsEntry(new WorkerId("w3"), 500L);
    assertThat(tape.all(Report.Evaluated.class))
        .hasSize(3 * 12)
        .noneMatch(r -> r.worker().equals(server));
    assertThat(tape.notJudged).hasSize(12).containsOnly(server);
  }

  @Test
  void theIdealBoundHasNothingOfMachinesThatOnlyServe() throws IOException {
    Environment where = environment("adsp-3", 60);
    assertThat(new IdealCompute(where).nanos(new WorkerId("any"), 64, 0))
        .isEqualTo(new IdealCompute(where.withoutServers()).nanos(new WorkerId("any"), 64, 0));
  }

  @Test
  void theSameSeedGivesTheSameRunOnAnyNumberOfCores() throws IOException {
    run("hetero-sys-a", preset("dlion"), 1);
    List<String> first = List.copyOf(tape.lines);
    tape.lines.clear();
    run("hetero-sys-a", preset("dlion"), 3);
    assertThat(first).hasSizeGreaterThan(1000);
    assertThat(tape.lines).isEqualTo(first);
  }

  private static Settings preset(String name) {
    return Presets.find(name).settings().with("optimizer.learning-rate", "0.05");
  }

  @Test
  void trainsToTheBudgetAndEvaluatesAllTheWay() throws IOException {
    Outcome outcome = run("homo-b", preset("dlion"), 1);
    assertThat(outcome.virtualNanos()).isBetween(59 * SECOND, 60 * SECOND);
    List<Report.Evaluated> evaluations = tape.all(Report.Evaluated.class);
    assertThat(evaluations).hasSize(6 * 12);
    assertThat(evaluations.getFirst().atNanos()).isEqualTo(5 * SECOND);
    assertThat(evaluations.getLast().accuracy()).isGreaterThan(0.6);
  }

  @Test
  void aBulkSynchronousIterationTakesWhatTheSlowestWorkerTakes() throws IOException {
    run("hetero-cpu-b", preset("baseline").with("batching.local", "fixed"), 1);
    // 4 of 24 cores: (4 / 24)^0.9 of the speed, 5.02 s for 32 samples; exchange is next to nothing.
    long last =
        tape.all(Report.Iteration.class).stream()
            .mapToLong(Report.Iteration::iteration)
            .max()
            .orElseThrow();
    assertThat(last).isEqualTo(10);
  }

  @Test
  void aRunEndsWhenAllHaveReachedTheGoal() throws IOException {
    Outcome outcome = run("homo-a", preset("dlion"), 1, 3000);
    assertThat(outcome.virtualNanos()).isLessThan(40 * SECOND);
    assertThat(outcome.finished()).hasSize(6).containsValue(Reason.EPOCHS);
  }

  @Test
  void theIdealBoundUsesAllMachinesAsOne() throws IOException {
    Environment where = environment("homo-a", 60);
    // Six workers of 0.1 s + 0.9 s · b / 32: 192 samples take them 1 s together.
    assertThat(new IdealCompute(where).nanos(new WorkerId("any"), 192, 0))
        .isCloseTo(SECOND, within(10L));
    Settings settings = preset("local").with("batching.initial", "192");
    try (LearnerPool pool = new LearnerPool(_ -> new StubLearner(1000), 1)) {
      Outcome outcome = Emulation.ideal(spec(where, settings, Long.MAX_VALUE, 1), pool);
      assertThat(outcome.totalBytesSent()).isZero();
    }
    assertThat(tape.all(Report.Iteration.class).getLast().samples())
        .isBetween(58 * 192L, 60 * 192L);
  }

  @Test
  void inTheIdealBoundMachinesTooSlowToHelpDoNotCount() throws IOException {
    // One sample is soonest done by the two strongest: half of it each.
    assertThat(new IdealCompute(environment("hetero-cpu-a", 60)).nanos(new WorkerId("any"), 1, 0))
        .isCloseTo((long) ((0.1 + 0.9 / 64) * SECOND), within(10L));
  }
}
