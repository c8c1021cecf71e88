package io.dlion.core.peer.rounds;

import io.dlion.core.WorkerId;
import io.dlion.core.kernel.Part;
import io.dlion.core.peer.roster.Roster;
import io.dlion.core.peer.roster.Tally;
import io.dlion.core.peer.update.UpdateRule;
import io.dlion.core.strategy.Decoupling;
import io.dlion.core.wire.GradientHeader;
import io.dlion.core.wire.GradientMessage;
import io.dlion.core.wire.HeaderExtension;
import io.dlion.core.wire.HeaderExtension.Kind;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What distances count where rounds do not end together, and how many steps a round has. The sender
 * decides what its distance counts, so that it is the same to all workers whenever it arrives, and
 * their sums agree:
 *
 * <pre>
 *   b_k / Σ b_j · (1 + s)^−a
 * </pre>
 *
 * <p>b are samples in a round: its own and the newest that peers have told, or as many as its own
 * before they have. s is its staleness in rounds: of how many rounds of a peer the distances have
 * come while it took its steps, those beyond one, on average (polynomial discount; Xie et al. '19,
 * "Asynchronous Federated Optimization", section 5.2).
 *
 * <p>Dynamic local updates (Liu et al. '24): the fastest worker takes H steps in a round, another
 * {@code H · t_fastest / t_own}, so that rounds take equally long. Confined to its node.
 */
public final class RoundShares implements UpdateRule {
  private final Decoupling rule;
  private final Roster roster;
  private final Tally tally;
  private final SortedMap<WorkerId, Rounds> peers = new TreeMap<>();
  private double stepSeconds;

  /** What is known of a peer's rounds. */
  private static final class Rounds {
    /** Samples of its newest one; 0 before it has told. */
    long samples;

    /** Of a local step; 0 before it has told. */
    double stepSeconds;

    /** How many have come since this worker's round began. */
    long fresh;
  }

  /** Nothing is known of peers. */
  public RoundShares(Decoupling rule, Roster roster, Tally tally) {
    this.rule = rule;
    this.roster = roster;
    this.tally = tally;
  }

  /** A local step of this worker has taken so long. */
  public void observed(long nanos) {
    double seconds = nanos / 1e9;
    stepSeconds = stepSeconds == 0 ? seconds : 0.8 * stepSeconds + 0.2 * seconds;
  }

  /** Whether a distance of a peer has come since this worker's round began. */
  public boolean hasCome(WorkerId peer) {
    Rounds its = peers.get(peer);
    return its != null && its.fresh > 0;
  }

  /**
   * Steps that this worker's round has.
   *
   * @param most H, of the fastest worker
   */
  public int steps(int most) {
    OptionalDouble fastest =
        peers.values().stream().mapToDouble(r -> r.stepSeconds).filter(s -> s > 0).min();
    if (!rule.dynamicSteps() || stepSeconds == 0 || fastest.isEmpty()) {
      return most;
    }
    double share = Math.min(1, fastest.getAsDouble() / stepSeconds);
    return Math.max(1, (int) Math.round(most * share));
  }

  @Override
  public double weight() {
    long own = Math.max(1, tally.iterationSamples());
    double all = own;
    double stale = 0;
    for (WorkerId peer : roster.ids()) {
      Rounds its = of(peer);
      all += its.samples == 0 ? own : its.samples;
      stale += Math.max(0, its.fresh - 1);
    }
    double staleness = stale / Math.max(1, roster.ids().size());
    return own / all * Math.pow(1 + staleness, -rule.discount());
  }

  @Override
  public HeaderExtension extension() {
    return stepSeconds == 0
        ? HeaderExtension.NONE
        : HeaderExtension.of(Kind.STEP_SECONDS, stepSeconds);
  }

  @Override
  public void peers(Set<WorkerId> ids, long nowNanos) {
    peers.keySet().retainAll(ids);
  }

  private Rounds of(WorkerId peer) {
    return peers.computeIfAbsent(peer, p -> new Rounds());
  }

  @Override
  public GradientMessage.Taker arrived(
      WorkerId from,
      GradientMessage message,
      double entries,
      float factor,
      long nowNanos,
      long lagNanos) {
    GradientHeader header = message.header();
    Rounds its = of(from);
    its.samples = header.batchSize();
    its.stepSeconds = header.extension().get(Kind.STEP_SECONDS, its.stepSeconds);
    its.fresh += Math.round(header.extension().get(Kind.ROUNDS, 1));
    return message.scaled(factor);
  }

  /** The round ends: what comes from now on belongs to the next one. */
  @Override
  public float stepped(Own own, int wholeBatch, List<Part> parts) {
    peers.values().forEach(its -> its.fresh = 0);
    return 0;
  }

  @Override
  public void restart() {
    peers.values().forEach(its -> its.fresh = 0);
  }

  @Override
  public boolean takeBack(float[] update) {
    return false;
  }

  @Override
  public Optional<String> news() {
    return Optional.empty();
  }
}
