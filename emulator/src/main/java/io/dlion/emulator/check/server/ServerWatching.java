package io.dlion.emulator.check.server;

import io.dlion.core.Phrase;
import io.dlion.core.WorkerId;
import io.dlion.core.node.Node;
import io.dlion.core.node.Replica;
import io.dlion.core.report.Report;
import io.dlion.core.server.method.ServerRule;
import io.dlion.core.strategy.Strategy;
import io.dlion.emulator.check.witness.EndChecker;
import io.dlion.emulator.check.witness.Findings;
import io.dlion.emulator.check.witness.FiniteChecker;
import io.dlion.emulator.check.witness.PayloadChecker;
import io.dlion.emulator.check.witness.QueueChecker;
import io.dlion.emulator.check.witness.Watching;
import io.dlion.emulator.network.Network;
import java.util.HashMap;
import java.util.Map;

/** Watches a run with a server. */
public final class ServerWatching extends Watching<MemberView> {
  /** A few answers, probes of lines and models asked for. */
  private static final int QUEUED_MAX = 10;

  /** After so many steps at the learning rate a model must have come near the optimum. */
  private static final double STEPS_ENOUGH = 2;

  private static final double LEAST_ACCURACY = 0.3;

  private final Strategy strategy;
  private final Circumstances circumstances;
  private final Findings findings;
  private final ServerChecker servers;
  private final HeldModelChecker held;
  private final Map<WorkerId, Report.Evaluated> evaluations = new HashMap<>();

  private ServerWatching(
      Strategy strategy, Circumstances circumstances, Findings findings, Log log) {
    super(log);
    this.strategy = strategy;
    this.circumstances = circumstances;
    this.findings = findings;
    this.servers = new ServerChecker(findings, strategy);
    this.held = new HeldModelChecker(findings, strategy.server().orElseThrow(), servers);
  }

  /** Watches with all checkers. */
  public static ServerWatching of(
      Strategy strategy, Circumstances circumstances, Findings findings, Log log) {
    ServerRule rule = strategy.server().orElseThrow();
    ServerWatching watching = new ServerWatching(strategy, circumstances, findings, log);
    RunEndChecker end = new RunEndChecker(findings, circumstances);
    watching.add(new PayloadChecker(findings));
    watching.add(new EndChecker(findings));
    watching.add(new FiniteChecker(findings));
    watching.add(new WalkChecker(findings, rule)); // the others build on its sums
    watching.add(end);
    watching.add(watching.servers);
    watching.add(watching.held);
    watching.add(new SuccessionChecker(findings, circumstances));
    watching.add(new MemberProgressChecker(findings, circumstances, rule, watching.servers));
    watching.servers.whenRunEnds(end::ends);
    return watching;
  }

  @Override
  public void network(Network network) {
    add(new QueueChecker(findings, network, QUEUED_MAX));
  }

  @Override
  protected MemberView view(
      WorkerId worker, long nowNanos, Node node, Replica replica, long iteration) {
    LocalWalk walk = new LocalWalk(strategy, replica.layout().size());
    return new MemberView(worker, node, replica, nowNanos, circumstances.hasData(worker), walk);
  }

  @Override
  public long steps() {
    return held.steps() + servers.changes();
  }

  @Override
  public long judged() {
    return held.judged() + servers.judged();
  }

  @Override
  protected void judge(Map<WorkerId, MemberView> live, long nowNanos) {
    double rate = strategy.descent().optimizer().learningRate();
    live.forEach((id, view) ->
        servers
            .ledger(view)
            .filter(l -> l.weightedSteps * rate > STEPS_ENOUGH && evaluations.containsKey(id))
            .ifPresent(_ -> requireAccuracy(view, nowNanos)));
  }

  private void requireAccuracy(MemberView view, long nowNanos) {
    Report.Evaluated found = evaluations.get(view.id);
    if (found != null
        && strategy.descent().optimizer().isLinear()
        && !(found.accuracy() >= LEAST_ACCURACY)) {
      findings.add(
          view,
          nowNanos,
          Phrase.of(
              "ends with an accuracy of %.3f, less than %.2f", found.accuracy(), LEAST_ACCURACY));
    }
  }

  @Override
  public void accept(Report report) {
    super.accept(report);
    if (report instanceof Report.Evaluated r) {
      evaluations.put(r.worker(), r);
    }
  }
}
