package io.dlion.emulator.check;

import io.dlion.core.Phrase;
import io.dlion.core.WorkerId;
import io.dlion.core.node.Node;
import io.dlion.core.node.Replica;
import io.dlion.core.report.Report;
import io.dlion.core.sync.SyncRule;
import io.dlion.core.sync.Synchronization;
import io.dlion.core.sync.TokenQueue;
import io.dlion.emulator.check.witness.EndChecker;
import io.dlion.emulator.check.witness.Findings;
import io.dlion.emulator.check.witness.FiniteChecker;
import io.dlion.emulator.check.witness.PayloadChecker;
import io.dlion.emulator.check.witness.QueueChecker;
import io.dlion.emulator.check.witness.Watching;
import io.dlion.emulator.network.Network;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Watches a run without a server. */
final class PeerWatching extends Watching<View> {
  /** It takes the others three seconds to notice a crash, and a little to act on it. */
  private static final long NOTICE_NANOS = 3_100_000_000L;

  /** Before that nobody can be expected to be anywhere near the optimum. */
  private static final int STEPS_ENOUGH = 30;

  private final Scenario scenario;
  private final Findings findings;
  private final Map<WorkerId, Report.Evaluated> evaluations = new LinkedHashMap<>();
  private final Gradients gradients = new Gradients();
  private final UpdateChecker updates;
  private final Steps steps = new Steps();
  private long iterations;

  PeerWatching(Scenario scenario, Findings findings, Log log) {
    super(log);
    this.scenario = scenario;
    this.findings = findings;
    this.updates = new UpdateChecker(findings, scenario.strategy(), gradients);
    add(new PayloadChecker(findings));
    add(new EndChecker(findings));
    add(new FiniteChecker(findings));
    add(new BatchChecker(findings, scenario.strategy()));
    Optional<QuorumChecker> quorum = scenario.quorum(findings);
    quorum.ifPresent(this::add);
    add(
        new StalenessChecker(
            findings, scenario.strategy(), scenario.pairing(), quorum, NOTICE_NANOS));
    add(updates);
    add(new ProgressChecker(findings, scenario.quietNanos(), scenario.patienceNanos()));
    if (scenario.keepsReplicasEqual()) {
      add(new EqualityChecker(findings));
    }
  }

  @Override
  public long steps() {
    return iterations;
  }

  @Override
  public long judged() {
    return updates.judged();
  }

  @Override
  public void network(Network network) {
    SyncRule rule = scenario.strategy().synchronization();
    long ahead = rule.staleness() instanceof Synchronization.Bounded b ? b.bound() : 0;
    long tokens = rule.tokens().map(TokenQueue::capacity).orElse(0L);
    add(new QueueChecker(findings, network, 2 + Math.max(ahead, tokens) + 1));
  }

  @Override
  protected View view(WorkerId worker, long nowNanos, Node node, Replica replica, long iteration) {
    return new View(worker, node, replica, iteration, nowNanos, gradients, scenario.topology());
  }

  @Override
  protected void judge(Map<WorkerId, View> live, long nowNanos) {
    List<View> those = live.values().stream().filter(this::isJudged).toList();
    for (View view : those) {
      require(view, nowNanos, "ends", accuracy(view), scenario.leastAccuracy());
    }
    those.stream()
        .max(Comparator.comparingDouble(this::accuracy))
        .ifPresent(best ->
            require(
                best, nowNanos, "is the best and ends", accuracy(best), scenario.bestAccuracy()));
  }

  /** Of those who have had time to come near the optimum. */
  private boolean isJudged(View view) {
    return evaluations.containsKey(view.id) && !view.finished && steps.of(view.id) >= enough();
  }

  /** The first rounds of local steps go slowly: outer momentum gathers over ten of them. */
  private int enough() {
    return scenario.strategy().descent().local().isPresent() ? 2 * STEPS_ENOUGH : STEPS_ENOUGH;
  }

  private double accuracy(View view) {
    return Objects.requireNonNull(evaluations.get(view.id)).accuracy();
  }

  private void require(View view, long nowNanos, String what, double accuracy, double least) {
    if (!(accuracy >= least)) {
      findings.add(
          view,
          nowNanos,
          Phrase.of("%s with an accuracy of %.3f, less than %.2f", what, accuracy, least));
    }
  }

  @Override
  public void accept(Report report) {
    super.accept(report);
    switch (report) {
      case Report.Evaluated r -> evaluations.put(r.worker(), r);
      case Report.Iteration r -> {
        iterations++;
        steps.stepped(r);
      }
      case Report.Transfer r -> steps.merged(r);
      default -> {}
    }
  }
}
