package io.dlion.core.node;

import io.dlion.core.batching.Cost;
import io.dlion.core.batching.FastestBatch;
import io.dlion.core.batching.StepTimes;
import io.dlion.core.wire.Control;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Weighted dynamic batching (HPDC '21, section 3.2) as one worker sees it: the global batch size
 * with its growth, this worker's profile, and the division among the live workers. Confined to its
 * node.
 */
final class BatchPlan {
  private static final int SIZES_PROFILED = 2;

  private final Strategy.Batching rule;
  private final StepTimes times = new StepTimes();
  private final Deque<Integer> profiling = new ArrayDeque<>();
  private int global;
  private int workers;
  private long points;
  private long decidedPoint;
  private int decided;
  private int initial;
  private boolean toBeFitted;
  private @Nullable Cost announced;

  /** What was announced first. */
  private @Nullable Cost first;

  BatchPlan(Strategy.Batching rule, int workers) {
    this.rule = rule;
    this.workers = workers;
    this.initial = rule.initial();
    this.toBeFitted = rule.fitted();
    this.global = initial * workers;
    if (rule.adaptive()) {
      // Each size is met once before it is timed: first steps pay for memory and compilation. They
      // take turns, so that a program that becomes faster all the while favours neither.
      for (int i = 0; i <= rule.profileSteps(); i++) {
        profiling.add(Math.max(rule.least(), rule.initial() / 4));
        profiling.add(rule.initial());
      }
    }
  }

  /** Whether the batch sizes of the next steps are those that are to be timed. */
  boolean isProfiling() {
    return !profiling.isEmpty();
  }

  /** A step while {@link #isProfiling} was timed; less what it waited for a processor. */
  void profiled(double seconds) {
    int samples = profiling.remove();
    if (profiling.size() < SIZES_PROFILED * rule.profileSteps()) {
      times.profile(samples, seconds);
    }
    if (profiling.isEmpty()) {
      times.fit();
      announced = times.cost();
      first = announced;
    }
  }

  /** An iteration was timed. */
  void observed(int samples, double seconds) {
    if (rule.adaptive()) {
      times.observe(samples, seconds);
    }
  }

  /** The cost to announce, if it has changed enough since the last one. */
  Optional<Cost> changedCost() {
    Cost now = times.cost();
    Cost before = announced;
    if (!rule.adaptive() || before == null) {
      return Optional.empty();
    }
    double change = Math.abs(now.betaSeconds() / before.betaSeconds() - 1);
    if (change <= rule.announceChange()) {
      return Optional.empty();
    }
    announced = now;
    return Optional.of(now);
  }

  /** What this worker has announced as its cost. */
  Optional<Cost> announced() {
    return Optional.ofNullable(announced);
  }

  /** The global batch size B, in samples. */
  int global() {
    return global;
  }

  /** The number of workers that B is meant for. */
  int workers() {
    return workers;
  }

  /** Samples per worker at the start, b_0, as far as it is known. */
  int initial() {
    return initial;
  }

  /** Whether b_0 waits for the costs of all workers. */
  boolean isToBeFitted() {
    return toBeFitted;
  }

  /**
   * The local batch size: B divided by announced costs. The first ones are those that are to be
   * timed; a peer of which no cost is known is taken for an average one.
   */
  int local(Roster roster) {
    if (isProfiling()) {
      return profiling.element();
    }
    Cost own = announced;
    if (!rule.adaptive() || own == null) {
      return evenShare(roster.rank());
    }
    fit(roster);
    List<Cost> known = new ArrayList<>(List.of(own));
    roster.peers().stream().map(p -> p.cost).filter(Objects::nonNull).forEach(known::add);
    List<Cost> costs = new ArrayList<>();
    for (Peer peer : roster.peers()) {
      costs.add(peer.cost == null ? Cost.mean(known) : peer.cost);
    }
    costs.add(roster.rank(), own);
    return rule.division().divide(global, rule.least(), costs)[roster.rank()];
  }

  /**
   * Decides b_0 once all costs are known: those that were announced first, so that all workers
   * decide alike.
   */
  private void fit(Roster roster) {
    Cost own = first;
    if (!toBeFitted || own == null) {
      return;
    }
    List<Cost> costs = new ArrayList<>(List.of(own));
    for (Peer peer : roster.peers()) {
      if (peer.firstCost == null) {
        return;
      }
      costs.add(peer.firstCost);
    }
    global =
        FastestBatch.of(costs, rule.exchangeSeconds(), rule.waiting(), rule.trainingExamples());
    global = Math.max(global, workers * rule.least());
    initial = Math.max(rule.least(), Math.round((float) global / workers));
    toBeFitted = false;
  }

  private int evenShare(int rank) {
    return Math.max(rule.least(), global / workers + (rank < global % workers ? 1 : 0));
  }

  /** The number of workers has changed: B follows in proportion. */
  void workers(int now) {
    int proportional = Math.toIntExact(Math.round((double) global * now / workers));
    global = Math.max(now * rule.least(), proportional);
    workers = now;
  }

  /** How many adjustment points of B have been passed. */
  long points() {
    return points;
  }

  /** Takes over the plan of a worker that has been training. */
  void adopt(Control.Status status) {
    global = status.global();
    toBeFitted &= !status.settled();
    points = status.points();
    int now = workers;
    workers = status.workers();
    workers(now);
  }

  /** Whether an adjustment point of B has been passed at this count of samples. */
  boolean adjustmentDue(long clusterSamples) {
    return clusterSamples >= (points + 1) * rule.periodSamples();
  }

  /** Passes all adjustment points up to this count of samples, and leaves B as it is. */
  void skip(long clusterSamples) {
    points = Math.max(points, (long) (clusterSamples / rule.periodSamples()));
  }

  /**
   * Passes an adjustment point at which every worker computes the same growth.
   *
   * @return whether B has changed
   */
  boolean adjust() {
    points++;
    int before = global;
    global = rule.growth().next(global, 0);
    return global != before;
  }

  /**
   * Passes an adjustment point of measured growth: B becomes what was decided at the point before,
   * so that all workers change it at the same count of samples.
   *
   * @return whether B has changed
   */
  boolean adjustAsDecided() {
    points++;
    int before = global;
    if (decidedPoint == points) {
      global = Math.max(workers * rule.least(), decided);
    }
    return global != before;
  }

  /**
   * Decides B for the next adjustment point from measured noise; for the least live worker only.
   */
  Control.GlobalBatch decide(double noiseScale) {
    Control.GlobalBatch decision =
        new Control.GlobalBatch(points + 1, rule.growth().next(global, noiseScale));
    decided(decision);
    return decision;
  }

  /** B was decided for an adjustment point. */
  void decided(Control.GlobalBatch decision) {
    decidedPoint = decision.point();
    decided = decision.samples();
  }

  void save(Map<String, String> state) {
    state.put("batching.global", Integer.toString(global));
    state.put("batching.workers", Integer.toString(workers));
    state.put("batching.points", Long.toString(points));
    if (!toBeFitted) {
      state.put("batching.initial", Integer.toString(initial));
    }
    announced()
        .ifPresent(cost -> {
          state.put("batching.alpha-seconds", Double.toString(cost.alphaSeconds()));
          state.put("batching.beta-seconds", Double.toString(cost.betaSeconds()));
        });
  }

  void restore(Map<String, String> state) {
    int now = workers;
    workers = Integer.parseInt(state.getOrDefault("batching.workers", Integer.toString(workers)));
    global = Integer.parseInt(state.getOrDefault("batching.global", Integer.toString(global)));
    points = Long.parseLong(state.getOrDefault("batching.points", "0"));
    workers(now);
    String alpha = state.get("batching.alpha-seconds");
    String beta = state.get("batching.beta-seconds");
    if (rule.adaptive() && alpha != null && beta != null) {
      profiling.clear();
      Cost cost = new Cost(Double.parseDouble(alpha), Double.parseDouble(beta));
      announced = cost;
      first = cost;
      times.restore(cost);
    }
    String fitted = state.get("batching.initial");
    if (fitted != null) {
      initial = Integer.parseInt(fitted);
      toBeFitted = false;
    }
  }
}
