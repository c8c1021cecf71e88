package io.dlion.core.server.method;

import io.dlion.core.WorkerId;
import io.dlion.core.settings.Goal;
import io.dlion.core.settings.Settings;
import io.dlion.core.wire.CommitPlan;

/**
 * A client commits after so many steps and is answered once it leads the slowest client by at most
 * s commits. With s = 0 all wait for all: after one step that is bulk-synchronous training
 * (Valiant, CACM '90), after τ it is periodic averaging (fixed ADACOMM; Wang &amp; Joshi, MLSys
 * '19). With s &gt; 0 it is stale-synchronous training (SSP; Ho et al., NIPS '13).
 */
public final class BoundedStaleness implements Method {
  private final Rule rule;

  /**
   * The method {@code staleness}.
   *
   * @param bound s, in commits
   * @param steps between two commits, τ
   */
  public record Rule(int bound, int steps) implements MethodRule {
    static Rule of(Settings settings) {
      return new Rule(
          settings.smallInteger("server.staleness"), settings.smallInteger("commit.steps"));
    }

    @Override
    public Method open(Goal goal) {
      return new BoundedStaleness(this);
    }
  }

  /** The method by a rule. */
  public BoundedStaleness(Rule rule) {
    this.rule = rule;
  }

  @Override
  public Orders begun(Clients clients, long nowNanos) {
    return Orders.NONE;
  }

  @Override
  public Orders committed(WorkerId from, Clients clients, long nowNanos) {
    return Orders.NONE;
  }

  @Override
  public boolean answers(WorkerId client, Clients clients) {
    return clients.commits(client) - clients.least() <= rule.bound;
  }

  @Override
  public CommitPlan plan(WorkerId client, Clients clients, long nowNanos) {
    return CommitPlan.afterSteps(rule.steps, 1);
  }

  @Override
  public MethodStatus status() {
    return new MethodStatus(rule.steps, "", Double.NaN, Double.NaN, 0);
  }
}
