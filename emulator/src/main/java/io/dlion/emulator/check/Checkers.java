package io.dlion.emulator.check;

import io.dlion.core.Phrase;
import io.dlion.core.WorkerId;
import io.dlion.core.node.Action;
import io.dlion.core.node.Event;
import io.dlion.core.node.Node;
import io.dlion.core.node.Replica;
import io.dlion.core.report.Report;
import io.dlion.emulator.network.Network;
import io.dlion.emulator.run.Observer;
import io.dlion.emulator.run.Watch;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Keeps a view of every worker and shows it to all checkers. */
final class Checkers implements Watch, Observer {
  /** It takes the others three seconds to notice a crash, and a little to act on it. */
  private static final long NOTICE_NANOS = 3_100_000_000L;

  /** Before that nobody can be expected to be anywhere near the optimum. */
  private static final int STEPS_ENOUGH = 30;

  private final Scenario scenario;
  private final Findings findings;
  private final Map<WorkerId, View> views = new HashMap<>();
  private final Map<WorkerId, Report.Evaluated> evaluations = new LinkedHashMap<>();
  private final List<Checker> all = new ArrayList<>();
  private final boolean isVerbose;
  private final Consumer<String> log;
  private final Gradients gradients = new Gradients();
  private final UpdateChecker updates;
  private final Steps steps = new Steps();
  private long iterations;

  Checkers(Scenario scenario, Findings findings, Consumer<String> log, boolean isVerbose) {
    this.scenario = scenario;
    this.findings = findings;
    this.log = log;
    this.isVerbose = isVerbose;
    this.updates = new UpdateChecker(findings, scenario.strategy(), gradients);
    all.add(new PayloadChecker(findings));
    all.add(new EndChecker(findings));
    all.add(new FiniteChecker(findings));
    all.add(new BatchChecker(findings, scenario.strategy()));
    all.add(new StalenessChecker(findings, scenario.strategy(), NOTICE_NANOS));
    all.add(updates);
    all.add(new ProgressChecker(findings, scenario.quietNanos(), scenario.patienceNanos()));
    if (scenario.keepsReplicasEqual()) {
      all.add(new EqualityChecker(findings));
    }
  }

  /** Iterations of all workers. */
  long iterations() {
    return iterations;
  }

  /** Those of them whose updates were worked out and compared. */
  long judged() {
    return updates.judged();
  }

  @Override
  public void network(Network network) {
    all.add(new QueueChecker(findings, network, scenario.strategy().synchronization()));
  }

  @Override
  public void born(WorkerId worker, long nowNanos, Node node, Replica replica, long iteration) {
    View view =
        new View(worker, node, replica, iteration, nowNanos, gradients, scenario.topology());
    views.put(worker, view);
    all.forEach(c -> c.born(view));
  }

  @Override
  public void before(WorkerId worker, Event event) {
    View view = view(worker);
    view.told(event);
    all.forEach(c -> c.told(view, event));
    if (isVerbose) {
      log.accept(worker + " < " + event);
    }
  }

  @Override
  public void after(WorkerId worker, long nowNanos, List<Action> actions) {
    View view = view(worker);
    actions.forEach(view::answered);
    all.forEach(c -> c.answered(view, nowNanos, actions));
    if (isVerbose) {
      actions.forEach(a -> log.accept(worker + " > " + a));
    }
  }

  @Override
  public void gone(WorkerId worker, long nowNanos) {
    all.forEach(c -> c.gone(worker, nowNanos));
  }

  @Override
  public void ended(Set<WorkerId> live, long nowNanos) {
    Map<WorkerId, View> those = new TreeMap<>(views);
    those.keySet().retainAll(live);
    all.forEach(c -> c.ended(those, nowNanos));
    judgeAccuracy(those.values().stream().filter(this::isJudged).toList(), nowNanos);
  }

  /** Of those who have had time to come near the optimum. */
  private boolean isJudged(View view) {
    return evaluations.containsKey(view.id) && !view.finished && steps.of(view.id) >= enough();
  }

  /** The first rounds of local steps go slowly: outer momentum gathers over ten of them. */
  private int enough() {
    return scenario.strategy().descent().local().isPresent() ? 2 * STEPS_ENOUGH : STEPS_ENOUGH;
  }

  private void judgeAccuracy(List<View> those, long nowNanos) {
    for (View view : those) {
      require(view, nowNanos, "ends", accuracy(view), scenario.leastAccuracy());
    }
    those.stream()
        .max(Comparator.comparingDouble(this::accuracy))
        .ifPresent(best ->
            require(
                best, nowNanos, "is the best and ends", accuracy(best), scenario.bestAccuracy()));
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
    switch (report) {
      case Report.Evaluated r -> evaluations.put(r.worker(), r);
      case Report.Iteration r -> {
        iterations++;
        steps.stepped(r);
      }
      case Report.Transfer r -> steps.merged(r);
      case Report.Notice r when isVerbose -> log.accept(r.toString());
      default -> {}
    }
  }

  private View view(WorkerId worker) {
    return Objects.requireNonNull(views.get(worker));
  }
}
