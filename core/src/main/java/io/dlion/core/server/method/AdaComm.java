package io.dlion.core.server.method;

import io.dlion.core.Phrase;
import io.dlion.core.UserError;
import io.dlion.core.WorkerId;
import io.dlion.core.server.method.Orders.Change;
import io.dlion.core.settings.Goal;
import io.dlion.core.settings.Settings;
import io.dlion.core.wire.CommitPlan;
import java.util.OptionalLong;

/**
 * All clients commit together after τ local steps, and τ falls with the loss (ADACOMM; Wang &amp;
 * Joshi, MLSys '19): see {@link AdaptivePeriod}. Each candidate is tried for a while from the same
 * weights, those of the beginning. After the last trial training goes on from there, too.
 *
 * <p>A trial in which no round was completed counts as the worst, and larger candidates are left
 * out. ℓ_0 is the loss of the first period after the trials.
 */
public final class AdaComm implements Method {
  private final long trialNanos;
  private final long periodNanos;
  private AdaptivePeriod period = AdaptivePeriod.begin(Double.NaN);
  private long dueNanos = Long.MAX_VALUE;
  private long rounds; // completed in the present trial or period
  private long roundsBefore; // commits of each when it began
  private double lastLoss = Double.NaN;
  private int searches;

  /**
   * The method {@code adacomm}.
   *
   * @param trialSeconds how long each candidate is tried; 0: fitted to the run
   * @param periodSeconds between two changes of τ; 0: fitted to the run
   */
  public record Rule(double trialSeconds, double periodSeconds) implements MethodRule {
    static Rule of(Settings settings) {
      return new Rule(
          Fitting.seconds(settings, "commit.trial"), Fitting.seconds(settings, "commit.period"));
    }

    @Override
    public Method open(Goal goal) {
      return new AdaComm(
          Fitting.nanos(trialSeconds, 1.0 / 40, goal),
          Fitting.nanos(periodSeconds, 1.0 / 20, goal));
    }

    @Override
    public void requireTime(Goal goal) {
      double trials = trialSeconds * AdaptivePeriod.CANDIDATES.size();
      if (goal.nanos() != Long.MAX_VALUE && trials > goal.nanos() / 1e9) {
        throw new UserError(
            Phrase.of(
                "commit.trial=%s: the %d trials take %.0f s, and the run %.0f s; expected fewer"
                    + " seconds, or auto",
                trialSeconds, AdaptivePeriod.CANDIDATES.size(), trials, goal.nanos() / 1e9));
      }
    }
  }

  /** The method before its first trial. */
  public AdaComm(long trialNanos, long periodNanos) {
    this.trialNanos = trialNanos;
    this.periodNanos = periodNanos;
  }

  @Override
  public Orders begun(Clients clients, long nowNanos) {
    searches++;
    begins(clients, nowNanos);
    return new Orders(Change.KEEP, true, true);
  }

  private void begins(Clients clients, long nowNanos) {
    dueNanos = nowNanos + (period.inTrial() ? trialNanos : periodNanos);
    rounds = 0;
    roundsBefore = clients.least();
    lastLoss = Double.NaN;
  }

  @Override
  public Orders committed(WorkerId from, Clients clients, long nowNanos) {
    long completed = clients.least() - roundsBefore;
    if (completed > rounds) {
      rounds = completed;
      lastLoss = clients.loss();
    }
    return Orders.NONE;
  }

  @Override
  public Orders wokeUp(Clients clients, long nowNanos) {
    if (nowNanos < dueNanos) {
      return Orders.NONE;
    }
    boolean trial = period.inTrial();
    if (trial) {
      endTrial();
    } else if (rounds > 0) {
      period = period.periodEnded(lastLoss);
    }
    begins(clients, nowNanos);
    return new Orders(trial ? Change.RESTORE : Change.NONE, true, true);
  }

  /** Where not one round fits into a trial, none of a larger τ does: those are not tried. */
  private void endTrial() {
    if (rounds > 0) {
      period = period.trialEnded(lastLoss);
      return;
    }
    while (period.inTrial()) {
      period = period.skip();
    }
  }

  @Override
  public OptionalLong wakeAtNanos() {
    return dueNanos == Long.MAX_VALUE ? OptionalLong.empty() : OptionalLong.of(dueNanos);
  }

  @Override
  public boolean answers(WorkerId client, Clients clients) {
    return clients.commits(client) <= clients.least();
  }

  @Override
  public CommitPlan plan(WorkerId client, Clients clients, long nowNanos) {
    return CommitPlan.afterSteps(period.tau(), 1);
  }

  @Override
  public MethodStatus status() {
    String search = period.inTrial() ? "trying τ = " + period.tau() : "";
    return new MethodStatus(period.tau(), search, lastLoss, Double.NaN, searches);
  }
}
