package io.dlion.core.peer.batches;

import io.dlion.core.WorkerId;
import io.dlion.core.batching.BatchRule;
import io.dlion.core.batching.Cost;
import io.dlion.core.batching.FastestBatch;
import io.dlion.core.batching.Growth;
import io.dlion.core.batching.StepTimes;
import io.dlion.core.peer.roster.Roster;
import io.dlion.core.wire.Control;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Weighted dynamic batching (HPDC '21, section 3.2) as one worker sees it: the global batch size
 * with its growth, this worker's profile, and the division among the live workers. Confined to its
 * node.
 */
final class BatchPlan {
  private static final int SIZES_PROFILED = 2;

  private final Terms terms;
  private final StepTimes times = new StepTimes();
  private final Deque<Integer> profiling = new ArrayDeque<>();
  private int global;
  private int workers;

  /** What the two were when the last iteration ended, or have been set to since. */
  private int reference;

  private int referenceWorkers;
  private long points;
  private long decidedPoint;
  private int decided;
  private int initial;
  private boolean toBeFitted;
  private @Nullable Cost announced;

  /** What was announced first. */
  private @Nullable Cost first;

  /**
   * What a plan is made for.
   *
   * @param rule of batch sizes
   * @param growth of B
   * @param periodSamples samples between two adjustments of B
   * @param least the least local batch that the model can learn from, in samples
   * @param exchangeSeconds what exchange takes of each step
   * @param waiting whether workers wait for each other
   * @param trainingExamples D, over all workers
   */
  record Terms(
      BatchRule rule,
      Growth growth,
      double periodSamples,
      int least,
      double exchangeSeconds,
      boolean waiting,
      long trainingExamples) {
    /** Samples per worker at the start, b_0, as far as it is known before steps are timed. */
    int initial() {
      return Math.max(least, rule.initial());
    }
  }

  BatchPlan(Terms terms, int workers) {
    this.terms = terms;
    BatchRule rule = terms.rule();
    this.workers = workers;
    this.initial = terms.initial();
    this.toBeFitted = rule.fitted();
    this.global = initial * workers;
    settle();
    if (rule.adaptive()) {
      // Each size is met once before it is timed: first steps pay for memory and compilation. They
      // take turns, so that a program that becomes faster all the while favours neither.
      for (int i = 0; i <= rule.profileSteps(); i++) {
        profiling.add(Math.max(terms.least(), initial / 4));
        profiling.add(initial);
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
    if (profiling.size() < SIZES_PROFILED * terms.rule().profileSteps()) {
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
    if (terms.rule().adaptive()) {
      times.observe(samples, seconds);
    }
  }

  /** The cost to announce, if it has changed enough since the last one. */
  Optional<Cost> changedCost() {
    Cost now = times.cost();
    Cost before = announced;
    if (!terms.rule().adaptive() || before == null) {
      return Optional.empty();
    }
    double change = Math.abs(now.betaSeconds() / before.betaSeconds() - 1);
    if (change <= terms.rule().announceChange()) {
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
  int local(Roster roster, PeerCosts peers) {
    if (isProfiling()) {
      return profiling.element();
    }
    Cost own = announced;
    if (!terms.rule().adaptive() || own == null) {
      return evenShare(roster.rank());
    }
    fit(roster, peers);
    List<Cost> known = new ArrayList<>(List.of(own));
    roster.ids().forEach(id -> peers.of(id).ifPresent(known::add));
    List<Cost> costs = new ArrayList<>();
    for (WorkerId id : roster.ids()) {
      costs.add(peers.of(id).orElseGet(() -> Cost.mean(known)));
    }
    costs.add(roster.rank(), own);
    return terms.rule().division().divide(global, terms.least(), costs)[roster.rank()];
  }

  /**
   * Decides b_0 once all costs are known: those that were announced first, so that all workers
   * decide alike.
   */
  private void fit(Roster roster, PeerCosts peers) {
    Cost own = first;
    if (!toBeFitted || own == null) {
      return;
    }
    List<Cost> costs = new ArrayList<>(List.of(own));
    for (WorkerId id : roster.ids()) {
      Optional<Cost> cost = peers.firstOf(id);
      if (cost.isEmpty()) {
        return;
      }
      costs.add(cost.get());
    }
    global =
        FastestBatch.of(costs, terms.exchangeSeconds(), terms.waiting(), terms.trainingExamples());
    global = Math.max(global, workers * terms.least());
    initial = Math.max(terms.least(), Math.round((float) global / workers));
    toBeFitted = false;
    settle();
  }

  private int evenShare(int rank) {
    return Math.max(terms.least(), global / workers + (rank < global % workers ? 1 : 0));
  }

  /**
   * The number of workers has changed: B follows in proportion to what it was when the last
   * iteration ended, so that it is the same whether several workers go together or one by one.
   */
  void workers(int now) {
    int proportional = Math.toIntExact(Math.round((double) reference * now / referenceWorkers));
    global = Math.max(now * terms.least(), proportional);
    workers = now;
  }

  /** An iteration has ended, or B is another for other reasons than the number of workers. */
  void settle() {
    reference = global;
    referenceWorkers = workers;
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
    settle();
    workers(now);
  }

  /** Whether an adjustment point of B has been passed at this count of samples. */
  boolean adjustmentDue(long clusterSamples) {
    return clusterSamples >= (points + 1) * terms.periodSamples();
  }

  /** Passes all adjustment points up to this count of samples, and leaves B as it is. */
  void skip(long clusterSamples) {
    points = Math.max(points, (long) (clusterSamples / terms.periodSamples()));
  }

  /**
   * Passes an adjustment point at which every worker computes the same growth.
   *
   * @return whether B has changed
   */
  boolean adjust() {
    points++;
    int before = global;
    global = terms.growth().next(global, 0);
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
      global = Math.max(workers * terms.least(), decided);
    }
    return global != before;
  }

  /**
   * Decides B for the next adjustment point from measured noise; for the least live worker only.
   */
  Control.GlobalBatch decide(double noiseScale) {
    Control.GlobalBatch decision =
        new Control.GlobalBatch(points + 1, terms.growth().next(global, noiseScale));
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
    settle();
    workers(now);
    String alpha = state.get("batching.alpha-seconds");
    String beta = state.get("batching.beta-seconds");
    if (terms.rule().adaptive() && alpha != null && beta != null) {
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
