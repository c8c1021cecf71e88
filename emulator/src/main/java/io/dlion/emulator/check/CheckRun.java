package io.dlion.emulator.check;

import io.dlion.core.WorkerId;
import io.dlion.core.family.Nodes;
import io.dlion.core.node.Action;
import io.dlion.core.node.Event;
import io.dlion.core.node.Node;
import io.dlion.core.node.NodeConfig;
import io.dlion.core.node.Replica;
import io.dlion.core.report.Report;
import io.dlion.core.wire.Buffers;
import io.dlion.emulator.check.server.ServerWatching;
import io.dlion.emulator.check.witness.Findings;
import io.dlion.emulator.check.witness.Watching;
import io.dlion.emulator.run.Emulation;
import io.dlion.emulator.run.ExchangeCost;
import io.dlion.emulator.run.LearnerPool;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/** Draws scenarios from seeds, runs them and judges what happened. Confined to one thread. */
public final class CheckRun implements AutoCloseable {
  private static final int STEPS_MAX = 1_000_000;

  private final LearnerPool pool = new LearnerPool(_ -> new StubLearner(Scenario.PARAMETERS), 1);
  private final BiFunction<NodeConfig, Replica, Node> nodes;

  /** Runs with nodes that behave. */
  public CheckRun() {
    this((config, replica) -> Nodes.of(config, replica, Buffers.FRESH));
  }

  /** Runs with other nodes, which may misbehave on purpose. */
  CheckRun(BiFunction<NodeConfig, Replica, Node> nodes) {
    this.nodes = nodes;
  }

  /**
   * What came of one seed.
   *
   * @param seed the scenario's
   * @param method that was checked
   * @param replay words of the command that runs the scenario again
   * @param scenario all about it, in lines
   * @param faults what went wrong, in words, one for each fault
   * @param findings what must not have happened, empty if all was well
   * @param messages that were delivered
   * @param steps of all workers, and where there is a server its steps
   * @param judged those of them whose effect on weights was worked out and compared
   * @param virtualSeconds how long it was
   */
  public record Verdict(
      long seed,
      String method,
      List<String> replay,
      String scenario,
      List<String> faults,
      List<String> findings,
      long messages,
      long steps,
      long judged,
      double virtualSeconds) {
    /** Copies the lists. */
    public Verdict {
      replay = List.copyOf(replay);
      faults = List.copyOf(faults);
      findings = List.copyOf(findings);
    }

    /** Whether everything held that must. */
    public boolean holds() {
      return findings.isEmpty();
    }
  }

  /** Runs what is drawn from a seed. */
  public Verdict run(long seed, Draw draw) {
    return run(seed, draw, _ -> {}, false);
  }

  /** Runs what is drawn from a seed, and tells everything that happens. */
  public Verdict run(long seed, Draw draw, Consumer<String> log) {
    return run(seed, draw, log, true);
  }

  private Verdict run(long seed, Draw draw, Consumer<String> log, boolean isVerbose) {
    Scenario scenario = Scenario.of(seed, draw);
    Findings findings = new Findings();
    Watching.Log lines = isVerbose ? lines(log) : Watching.Log.NONE;
    Watching<?> watching =
        scenario.hasServer()
            ? ServerWatching.of(scenario.strategy(), scenario.circumstances(), findings, lines)
            : new PeerWatching(scenario, findings, lines);
    PlannedTrouble trouble =
        new PlannedTrouble(
            scenario.plan(),
            new SplittableRandom(~seed),
            (config, replica) -> nodes.apply(scenario.withTime(config), replica));
    int[] steps = {0};
    Emulation.Spec spec =
        new Emulation.Spec(
            scenario.environment(),
            scenario.strategy(),
            List.copyOf(scenario.shards()),
            scenario.shards().getFirst(),
            scenario.examples(),
            scenario.goal().samples(),
            scenario.endNanos(),
            scenario.endNanos(),
            seed,
            ExchangeCost.FREE,
            watching,
            () -> findings.isFull() || isEndless(findings, steps));
    double seconds = scenario.endNanos() / 1e9;
    try {
      seconds = Emulation.run(spec, pool, trouble, watching).virtualNanos() / 1e9;
    } catch (RuntimeException | AssertionError failure) {
      findings.failed(failure);
    }
    return new Verdict(
        seed,
        scenario.variant().toString(),
        scenario.replay(),
        scenario.toString(),
        scenario.plan().faults().stream().map(Fault::kind).toList(),
        findings.all(),
        trouble.delivered(),
        watching.steps(),
        watching.judged(),
        seconds);
  }

  private static Watching.Log lines(Consumer<String> log) {
    return new Watching.Log() {
      @Override
      public void event(WorkerId worker, Event event) {
        log.accept(worker + " < " + event);
      }

      @Override
      public void action(WorkerId worker, Action action) {
        log.accept(worker + " > " + action);
      }

      @Override
      public void notice(Report.Notice notice) {
        log.accept(notice.toString());
      }
    };
  }

  /** Something that goes round in circles at one moment of virtual time is never over. */
  private static boolean isEndless(Findings findings, int[] steps) {
    if (++steps[0] > STEPS_MAX) {
      findings.failed(new IllegalStateException("no end after " + STEPS_MAX + " steps"));
      return true;
    }
    return false;
  }

  @Override
  public void close() {
    pool.close();
  }
}
