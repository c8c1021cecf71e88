package io.dlion.emulator.check.server;

import io.dlion.core.Phrase;
import io.dlion.core.node.Action;
import io.dlion.core.report.Report;
import io.dlion.core.server.method.ServerRule;
import io.dlion.core.wire.CommitMessage;
import io.dlion.core.wire.MessageType;
import io.dlion.core.wire.ValueFormat;
import io.dlion.emulator.check.witness.Checker;
import io.dlion.emulator.check.witness.Findings;
import java.util.List;

/**
 * A commit is what the client's own steps since the one before came to, and what rounding has kept
 * back of those before: each step once, none of a model in between. Follows all steps of a member,
 * for other checkers, too.
 */
final class WalkChecker implements Checker<MemberView> {
  private static final double TOLERANCE = 1e-5;

  private final Findings findings;
  private final ServerRule rule;

  WalkChecker(Findings findings, ServerRule rule) {
    this.findings = findings;
    this.rule = rule;
  }

  @Override
  public void born(MemberView view) {
    view.walk.begin(view);
  }

  @Override
  public void answered(MemberView view, long nowNanos, List<Action> actions) {
    LocalWalk walk = view.walk;
    walk.committed.clear();
    walk.stepped = null;
    for (Action action : actions) {
      switch (action) {
        case Action.Tell(Report.Iteration r) -> stepped(view, r);
        case Action.Tell(Report.Committed r) -> {
          if (r.commits() != walk.commits + 1 || r.steps() != walk.steps) {
            findings.add(
                view,
                nowNanos,
                Phrase.of(
                    "says that commit %d has %d steps, and it is commit %d of %d steps",
                    r.commits(), r.steps(), walk.commits + 1, walk.steps));
          }
          walk.commit();
        }
        case Action.Send s
            when Decoding.is(MessageType.COMMIT, s)
                && Decoding.of(s.payload(), view.replica) instanceof CommitMessage c ->
            sent(view, nowNanos, c);
        default -> {}
      }
    }
  }

  private static void stepped(MemberView view, Report.Iteration r) {
    float[] found = Decoding.floats(view.replica.weights());
    view.walk.stepped = view.walk.step(view.weightsBefore, view.gradient, found);
    view.walk.samples += r.batchSize();
    view.walk.cost.observed(r.batchSize(), r.computeNanos());
  }

  private void sent(MemberView view, long nowNanos, CommitMessage commit) {
    LocalWalk walk = view.walk;
    CommitMessage.About about = commit.about();
    if (about.life() != view.life
        || commit.number() != walk.commits + 1
        || about.steps() != walk.steps
        || commit.samples() != walk.samples) {
      findings.add(
          view,
          nowNanos,
          Phrase.of(
              "sends commit %d of life %d: %d steps on %d samples; it is commit %d of life %d: %d"
                  + " steps on %d samples",
              commit.number(),
              about.life(),
              about.steps(),
              commit.samples(),
              walk.commits + 1,
              view.life,
              walk.steps,
              walk.samples));
    }
    float[] sent = Decoding.floats(commit.values(), walk.distance.length);
    double greatest = 0;
    double worst = 0;
    for (int i = 0; i < sent.length; i++) {
      double exact = walk.distance[i] + walk.residual[i];
      greatest = Math.max(greatest, Math.abs(exact));
      worst = Math.max(worst, Math.abs(exact - sent[i]));
      walk.residual[i] = rule.codec() == ValueFormat.FP32 ? 0 : exact - sent[i];
    }
    if (worst > TOLERANCE + roundingShare(rule.codec()) * greatest) {
      findings.add(
          view, nowNanos, Phrase.of("a commit is off by %.2e from what its steps came to", worst));
    }
  }

  /** How far rounding may be off, as a share of the greatest value. */
  static double roundingShare(ValueFormat format) {
    return switch (format) {
      case FP32 -> 0;
      case BF16 -> 1.0 / 128;
      case INT8 -> 1.01 / 127;
      case INT4, INT2 -> throw new IllegalArgumentException(format + ": not of commits");
    };
  }
}
