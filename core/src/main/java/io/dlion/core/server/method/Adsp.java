package io.dlion.core.server.method;

import io.dlion.core.Phrase;
import io.dlion.core.UserError;
import io.dlion.core.WorkerId;
import io.dlion.core.node.Goal;
import io.dlion.core.settings.Settings;
import io.dlion.core.wire.CommitPlan;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * ADSP (Hu, Wang, Wu, AAAI '20): clients train without waiting, and all make the same number of
 * commits by the end of each check period Γ. A client that is behind commits more often. Which
 * number that is, C, is searched for at the beginning of each epoch, and at once when the loss has
 * risen: see {@link CommitSearch}. A probe is training like any other; nothing is restored.
 *
 * <p>Losses of a probe are recorded at each commit, not only at its begin, middle and end: more
 * points make the fit less noisy. The target loss ℓ is half of the loss at the beginning of a
 * search, unless it is given. A rate above Γ/T_min cannot be kept and is not probed.
 */
public final class Adsp implements Method {
  /** Checks in a row with a loss below the target after which nothing is searched any more. */
  private static final int CHECKS_UNTIL_CONVERGED = 10;

  private final Times times;
  private final double targetLoss;
  private final int fixedRate;
  private final double rise;
  private final Map<WorkerId, Integer> shares = new HashMap<>(); // ΔC_i
  private final List<double[]> points = new ArrayList<>(); // of the probe: seconds, loss

  private int rate = 1;
  private long target; // C_target: commits of all by the end of the period
  private long checkNanos = Long.MAX_VALUE;
  private long epochNanos = Long.MAX_VALUE;
  private long probeNanos = Long.MAX_VALUE;
  private CommitSearch search = CommitSearch.begin(1);
  private boolean searching;
  private double searchTarget;
  private double checkedLoss = Double.NaN;
  private int checksBelow;
  private double reward = Double.NaN;
  private double momentum = Double.NaN;
  private int searches;
  private boolean toldOfReach;
  private Optional<String> notice = Optional.empty();

  /**
   * Times of the method, in nanoseconds.
   *
   * @param period Γ
   * @param least T_min, between an answer and the next commit
   * @param epoch between two searches
   * @param probe of one rate
   */
  public record Times(long period, long least, long epoch, long probe) {}

  /**
   * The method {@code adsp}. Times are in seconds, 0 where they are fitted to the run.
   *
   * @param period Γ
   * @param least T_min
   * @param epoch between two searches
   * @param probe of one rate
   * @param targetLoss ℓ; NaN: half of the loss at the beginning of a search
   * @param commits C where it is not searched for; 0 where it is
   * @param rise by which share the loss rises from one check to the next before a search begins
   */
  public record Rule(
      double period,
      double least,
      double epoch,
      double probe,
      double targetLoss,
      int commits,
      double rise)
      implements MethodRule {
    static Rule of(Settings settings) {
      return new Rule(
          Fitting.seconds(settings, "adsp.period"),
          Fitting.seconds(settings, "adsp.commit-min"),
          Fitting.seconds(settings, "adsp.epoch"),
          Fitting.seconds(settings, "adsp.probe"),
          settings.isAuto("adsp.target-loss") ? Double.NaN : settings.number("adsp.target-loss"),
          settings.is("adsp.commits", "search") ? 0 : settings.smallInteger("adsp.commits"),
          settings.number("adsp.loss-rise"));
    }

    @Override
    public Method open(Goal goal) {
      return new Adsp(times(goal), targetLoss, commits, rise);
    }

    private Times times(Goal goal) {
      long gamma = Fitting.nanos(period, 1.0 / 25, goal);
      long shortest = commits > 0 ? gamma / Math.max(6, commits) : gamma / 6;
      return new Times(
          gamma,
          least > 0 ? (long) (least * 1e9) : shortest,
          epoch > 0 ? (long) (epoch * 1e9) : gamma / 3 * 50,
          probe > 0 ? (long) (probe * 1e9) : gamma);
    }

    @Override
    public void requireTime(Goal goal) {
      require("adsp.period", period, goal);
      require("adsp.probe", probe, goal);
      Times fitted = times(goal);
      if (fitted.least() > fitted.period()) {
        throw new UserError(
            Phrase.of(
                "adsp.commit-min=%s: longer than a check period of %.3g s, so that not one commit"
                    + " fits in; expected less, or a longer adsp.period",
                least, fitted.period() / 1e9));
      }
    }

    private static void require(String key, double seconds, Goal goal) {
      if (goal.nanos() != Long.MAX_VALUE && seconds > goal.nanos() / 1e9) {
        throw new UserError(
            Phrase.of(
                "%s=%s: longer than the run, which takes %.3g s; expected fewer seconds, or auto",
                key, seconds, goal.nanos() / 1e9));
      }
    }
  }

  /**
   * The method before the first period.
   *
   * @param targetLoss ℓ, or NaN
   * @param fixedRate C, or 0 where it is searched for
   * @param rise share of the loss
   */
  public Adsp(Times times, double targetLoss, int fixedRate, double rise) {
    this.times = times;
    this.targetLoss = targetLoss;
    this.fixedRate = fixedRate;
    this.rise = rise;
  }

  @Override
  public Orders begun(Clients clients, long nowNanos) {
    if (fixedRate > 0) {
      rate = fixedRate;
    } else {
      beginSearch(clients, nowNanos);
    }
    beginPeriod(clients, nowNanos);
    return Orders.REPLAN;
  }

  // ---- check periods

  private void beginPeriod(Clients clients, long nowNanos) {
    target = Math.max(target, clients.most()) + rate;
    checkNanos = nowNanos + times.period();
    share(clients);
  }

  /** ΔC_i = C_target − c_i, at least 1. */
  private void share(Clients clients) {
    shares.clear();
    for (WorkerId client : clients.ids()) {
      shares.put(client, Math.clamp(target - clients.commits(client), 1, 1_000_000));
    }
    momentum = implicitMomentum(clients);
  }

  private double implicitMomentum(Clients clients) {
    int[] commits = clients.ids().stream().mapToInt(id -> shares.getOrDefault(id, 1)).toArray();
    double[] speeds = clients.ids().stream().mapToDouble(clients::stepsPerSecond).toArray();
    for (double speed : speeds) {
      if (speed <= 0) {
        return Double.NaN;
      }
    }
    return ImplicitMomentum.of(times.period() / 1e9, commits, speeds);
  }

  @Override
  public CommitPlan plan(WorkerId client, Clients clients, long nowNanos) {
    int commits = shares.computeIfAbsent(client, _ -> rate);
    long interval = Math.max(1, times.period() / commits);
    return new CommitPlan(0, interval, Math.min(times.least(), times.period()), commits, 1);
  }

  @Override
  public boolean answers(WorkerId client, Clients clients) {
    return true;
  }

  @Override
  public Orders committed(WorkerId from, Clients clients, long nowNanos) {
    if (searching && Double.isFinite(clients.loss())) {
      points.add(new double[] {nowNanos / 1e9, clients.loss()});
    }
    return Orders.NONE;
  }

  @Override
  public Orders clientsChanged(Clients clients, long nowNanos) {
    shares.keySet().retainAll(clients.ids());
    return Orders.NONE;
  }

  @Override
  public OptionalLong wakeAtNanos() {
    long next = Math.min(checkNanos, searching ? probeNanos : epochNanos);
    return next == Long.MAX_VALUE ? OptionalLong.empty() : OptionalLong.of(next);
  }

  @Override
  public Orders wokeUp(Clients clients, long nowNanos) {
    boolean probed = searching && nowNanos >= probeNanos;
    boolean checks = nowNanos >= checkNanos;
    boolean epoch = !searching && nowNanos >= epochNanos;
    if (!probed && !checks && !epoch) {
      return Orders.NONE;
    }
    if (probed) {
      endProbe(clients, nowNanos);
    } else if (epoch || (checks && hasRisen(clients.loss()))) {
      beginSearch(clients, nowNanos);
    }
    if (checks) {
      check(clients.loss());
    } else {
      target = clients.most(); // the period was cut short: what is left of it no longer counts
    }
    beginPeriod(clients, nowNanos);
    return Orders.REPLAN;
  }

  private void check(double loss) {
    checkedLoss = loss;
    checksBelow = loss < targetLoss ? checksBelow + 1 : 0; // never below NaN
    if (hasConverged()) {
      epochNanos = Long.MAX_VALUE;
    }
  }

  private boolean hasConverged() {
    return checksBelow >= CHECKS_UNTIL_CONVERGED;
  }

  private boolean hasRisen(double loss) {
    return !searching && fixedRate == 0 && !hasConverged() && loss > (1 + rise) * checkedLoss;
  }

  // ---- the search

  private void beginSearch(Clients clients, long nowNanos) {
    searching = true;
    searches++;
    search = CommitSearch.begin(searchFrom());
    searchTarget = targetLoss;
    epochNanos = nowNanos + times.epoch();
    beginProbe(clients, nowNanos);
  }

  /**
   * The first search begins at one commit a period, as the paper's. A later one begins just below
   * the answer of the last: probes of low rates would cost periods of training each.
   */
  private int searchFrom() {
    return searches == 1 ? 1 : Math.max(1, rate - 1);
  }

  /** The most commits that fit into a period. */
  private int rateMax() {
    return Math.clamp(times.period() / Math.max(1, times.least()), 1, 1_000_000);
  }

  private void beginProbe(Clients clients, long nowNanos) {
    rate = search.probing();
    points.clear();
    probeNanos = nowNanos + times.probe();
    double loss = clients.loss();
    if (Double.isFinite(loss)) {
      points.add(new double[] {nowNanos / 1e9, loss});
    }
  }

  private void endProbe(Clients clients, long nowNanos) {
    double[] seconds = points.stream().mapToDouble(p -> p[0]).toArray();
    double[] losses = points.stream().mapToDouble(p -> p[1]).toArray();
    if (Double.isNaN(searchTarget) && losses.length > 0) {
      searchTarget = losses[0] / 2;
    }
    ProbeReward found = ProbeReward.of(seconds, losses, searchTarget);
    if (found.isOutOfReach() && !Double.isNaN(targetLoss) && !toldOfReach) {
      toldOfReach = true;
      notice =
          Optional.of(
              "adsp.target-loss: "
                  + found.reason()
                  + "; rates are compared by how fast the loss falls instead");
    }
    reward = Double.isFinite(found.value()) ? found.value() : Double.NaN;
    search = search.probed(found);
    if (search.ended() || search.probing() > rateMax()) {
      searching = false;
      probeNanos = Long.MAX_VALUE;
      rate = search.rate();
      points.clear();
    } else {
      beginProbe(clients, nowNanos);
    }
  }

  @Override
  public Optional<String> notice() {
    Optional<String> told = notice;
    notice = Optional.empty();
    return told;
  }

  @Override
  public MethodStatus status() {
    String state = searching ? probing() : "";
    return new MethodStatus(rate, state, reward, momentum, searches);
  }

  private String probing() {
    return !Double.isFinite(reward)
        ? "probing C = " + rate
        : Phrase.of("probing C = %d, reward %.3g", rate, reward);
  }
}
