package io.dlion.core.transfer;

import io.dlion.core.WorkerId;
import io.dlion.core.settings.Settings;
import io.dlion.core.wire.Control.RoundLoss;
import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Direct knowledge transfer (HPDC '21, section 3.4): every {@code period} iterations a worker
 * announces the mean training loss of its last L iterations; when it and all live peers have
 * announced one since it last decided, the one with the least loss is the best (ties: least id),
 * and those in scope ask it for its weights and move towards them by {@code w ← w − λ·(w −
 * w_best)}. The newest loss of each counts, whatever its round: where nobody waits, rounds of a
 * fast worker and of a slow one are never the same again.
 *
 * <p>The timely rule departs from the paper in two points: a worker asks only if the best is better
 * than itself by more than twice the standard error of their difference, and λ shrinks in
 * proportion to the snapshot's age. Weights older than {@code maxAge} periods are dropped under
 * both rules. Age is counted in the receiver's own iterations since it asked, which needs no common
 * clock.
 *
 * <p>At most one request is open at a time. Confined to its node.
 */
public final class KnowledgeTransfer {
  private final WorkerId self;
  private final Rule rule;
  private final LossWindow window;

  /** The newest loss of each worker that has announced one since this worker last decided. */
  private final Map<WorkerId, RoundLoss> losses = new TreeMap<>();

  private @Nullable Request open;

  /** Who takes weights over. */
  public enum Scope {
    /** All but the best. */
    ALL,
    /** The one with the greatest loss. */
    WORST,
    /** Nobody. */
    NONE
  }

  /**
   * The parameters of the rule.
   *
   * @param scope who takes weights over
   * @param timely whether λ shrinks with age and noise is taken into account
   * @param period iterations between rounds
   * @param window L, iterations whose losses are averaged
   * @param lambda λ
   * @param maxAgePeriods age in periods from which weights are dropped
   */
  public record Rule(
      Scope scope, boolean timely, long period, int window, double lambda, double maxAgePeriods) {
    /** Reads the settings {@code transfer.*}. */
    public static Rule of(Settings settings) {
      return new Rule(
          Scope.valueOf(settings.text("transfer.scope").toUpperCase(Locale.ROOT)),
          settings.is("transfer.rule", "timely"),
          settings.integer("transfer.period"),
          settings.smallInteger("transfer.window"),
          settings.number("transfer.lambda"),
          settings.number("transfer.max-age"));
    }
  }

  /**
   * Weights asked for and not yet arrived.
   *
   * @param round the round they belong to
   * @param from the best worker of that round
   * @param iteration of this worker when it asked
   * @param atNanos when it asked
   */
  public record Request(long round, WorkerId from, long iteration, long atNanos) {}

  /** The rule applied by one worker. */
  public KnowledgeTransfer(WorkerId self, Rule rule) {
    this.self = self;
    this.rule = rule;
    this.window = new LossWindow(rule.window());
  }

  /**
   * An iteration of this worker ended.
   *
   * @return the loss to announce to all peers, if a round begins
   */
  public Optional<RoundLoss> iterationEnded(long iteration, double loss) {
    if (rule.scope() == Scope.NONE) {
      return Optional.empty();
    }
    window.add(loss);
    if (open != null && ageInPeriods(open, iteration) > rule.maxAgePeriods()) {
      open = null; // it would be too old by now
    }
    if ((iteration + 1) % rule.period() != 0) {
      return Optional.empty();
    }
    long round = (iteration + 1) / rule.period();
    RoundLoss own = new RoundLoss(round, window.mean(), window.standardError());
    losses.put(self, own);
    return Optional.of(own);
  }

  /** A peer announced its loss of a round. */
  public void announced(WorkerId peer, RoundLoss loss) {
    if (rule.scope() != Scope.NONE) {
      losses.merge(peer, loss, (before, now) -> now.round() > before.round() ? now : before);
    }
  }

  /**
   * Decides once this worker and all live peers have announced a loss since the last time.
   *
   * @return the request to send, if this worker is to take weights over
   */
  public Optional<Request> decide(Collection<WorkerId> livePeers, long iteration, long nowNanos) {
    RoundLoss own = losses.get(self);
    if (own == null || !losses.keySet().containsAll(livePeers)) {
      return Optional.empty();
    }
    losses.keySet().removeIf(w -> !w.equals(self) && !livePeers.contains(w));
    Optional<Request> request = judge(own, iteration, nowNanos);
    losses.clear();
    return request;
  }

  private Optional<Request> judge(RoundLoss own, long iteration, long nowNanos) {
    Comparator<Map.Entry<WorkerId, RoundLoss>> byLoss =
        Comparator.comparingDouble(e -> e.getValue().meanLoss());
    // Maps are sorted by id, and min keeps the first of equals while max keeps the last.
    var best =
        losses.entrySet().stream()
            .min(byLoss.thenComparing(Map.Entry.comparingByKey()))
            .orElseThrow();
    var worst =
        losses.entrySet().stream()
            .max(byLoss.thenComparing(Map.Entry.comparingByKey()))
            .orElseThrow();
    boolean inScope =
        switch (rule.scope()) {
          case ALL -> !best.getKey().equals(self);
          case WORST -> worst.getKey().equals(self) && !best.getKey().equals(self);
          case NONE -> false;
        };
    if (!inScope || open != null) {
      return Optional.empty();
    }
    double gain = own.meanLoss() - best.getValue().meanLoss();
    double noise = 2 * StrictMath.hypot(own.standardError(), best.getValue().standardError());
    if (rule.timely() && gain <= noise) {
      return Optional.empty();
    }
    open = new Request(own.round(), best.getKey(), iteration, nowNanos);
    return Optional.of(open);
  }

  /** The request whose weights have not arrived, if any. */
  public Optional<Request> open() {
    return Optional.ofNullable(open);
  }

  /**
   * Weights have arrived: closes the request.
   *
   * @return λ to apply; 0 to drop them, because nobody asked for them or they are too old
   */
  public double arrived(WorkerId from, long round, long iteration) {
    Request request = open;
    if (request == null || !request.from().equals(from) || request.round() != round) {
      return 0;
    }
    open = null;
    double age = ageInPeriods(request, iteration);
    if (age > rule.maxAgePeriods()) {
      return 0;
    }
    return rule.timely() ? rule.lambda() * (1 - age / rule.maxAgePeriods()) : rule.lambda();
  }

  private double ageInPeriods(Request request, long iteration) {
    return (double) (iteration - request.iteration()) / rule.period();
  }

  /** A peer is there no longer. */
  public void gone(WorkerId peer) {
    if (open != null && open.from().equals(peer)) {
      open = null;
    }
    losses.remove(peer);
  }
}
