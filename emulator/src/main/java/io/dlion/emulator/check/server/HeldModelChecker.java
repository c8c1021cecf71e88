package io.dlion.emulator.check.server;

import io.dlion.core.Phrase;
import io.dlion.core.node.Action;
import io.dlion.core.node.Event;
import io.dlion.core.server.method.ServerRule;
import io.dlion.core.wire.CommitMessage;
import io.dlion.core.wire.Control.Reason;
import io.dlion.core.wire.Control.Standing;
import io.dlion.core.wire.GlobalModelMessage;
import io.dlion.core.wire.MessageType;
import io.dlion.core.wire.WeightsMessage;
import io.dlion.emulator.check.server.LocalWalk.Candidate;
import io.dlion.emulator.check.witness.Checker;
import io.dlion.emulator.check.witness.Findings;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.WeakHashMap;

/**
 * A member's weights are those of a model that it was given, plus the steps of its own since its
 * last commit: an answered client goes on from what it was answered, and nothing but steps and
 * answers changes its weights. What it commits began from a model that its server has had. At the
 * end of the run it is the model that it holds.
 */
final class HeldModelChecker implements Checker<MemberView> {
  private static final double TOLERANCE = 2e-5;

  private final Findings findings;
  private final ServerRule rule;
  private final ServerChecker servers;
  private final Map<MemberView, Boolean> served = new WeakHashMap<>();
  private long steps;
  private long judged;

  HeldModelChecker(Findings findings, ServerRule rule, ServerChecker servers) {
    this.findings = findings;
    this.rule = rule;
    this.servers = servers;
  }

  /** Local steps. */
  long steps() {
    return steps;
  }

  /** Those of them that were worked out and compared. */
  long judged() {
    return judged;
  }

  @Override
  public void told(MemberView view, Event event) {
    int size = view.modelBefore.length;
    switch (view.message) {
      case GlobalModelMessage m when m.about().life() == view.life ->
          view.walk.offer(
              new Candidate(Decoding.floats(m.values(), size), m.about().term(), m.version()));
      case WeightsMessage m -> {
        Standing of = view.standings.get(view.from);
        view.walk.offer(
            new Candidate(Decoding.floats(m.weights()), of == null ? 0 : of.term(), m.iteration()));
      }
      default -> {}
    }
  }

  @Override
  public void answered(MemberView view, long nowNanos, List<Action> actions) {
    boolean began = view.serves && !served.getOrDefault(view, false);
    boolean had = served.getOrDefault(view, false);
    served.put(view, view.serves);
    if (view.walk.stepped != null) {
      steps++;
      judged += view.walk.isJudged() ? 1 : 0;
    }
    for (Action action : actions) {
      switch (action) {
        case Action.Finish f -> {
          finished(view, nowNanos, f.reason());
          return;
        }
        case Action.Send s
            when Decoding.is(MessageType.COMMIT, s)
                && Decoding.of(s.payload(), view.replica) instanceof CommitMessage c ->
            beganFrom(view, nowNanos, s, c);
        default -> {}
      }
    }
    if (had && !view.serves && !(view.hasData && rule.trains())) {
      view.walk.giveUp();
    }
    if (began) {
      view.walk.candidates.addFirst(
          new Candidate(view.modelBefore, view.walk.term, view.walk.version));
    }
    judge(view, nowNanos, view.serves || had);
  }

  private void judge(MemberView view, long nowNanos, boolean serves) {
    LocalWalk walk = view.walk;
    float[] now = Decoding.floats(view.replica.weights());
    float[] held = Decoding.floats(view.node.model());
    double[] stepped = walk.stepped;
    double[] own = stepped == null ? Decoding.doubles(view.weightsBefore) : stepped;
    boolean same = serves || Arrays.equals(held, view.modelBefore);
    if (same && Decoding.distance(own, now) < TOLERANCE) {
      return;
    }
    for (Candidate model : walk.candidates.reversed()) {
      if ((serves || Arrays.equals(held, model.weights())) && leadsTo(walk, model, now)) {
        walk.goesOnFrom(model);
        return;
      }
    }
    findings.add(
        view,
        nowNanos,
        Phrase.of(
            "goes on from other weights than it was given, its steps added; its own steps are off"
                + " by %.2e",
            Decoding.distance(own, now)));
  }

  /** Whether a model and the steps since the last commit lead to weights, before or after it. */
  private static boolean leadsTo(LocalWalk walk, Candidate model, float[] now) {
    double[] expected = Decoding.doubles(model.weights());
    for (int i = 0; i < expected.length; i++) {
      expected[i] -= walk.distance[i];
    }
    if (Decoding.distance(expected, now) < TOLERANCE) {
      return true;
    }
    for (double[] commit : walk.committed.reversed()) {
      for (int i = 0; i < expected.length; i++) {
        expected[i] -= commit[i];
      }
      if (Decoding.distance(expected, now) < TOLERANCE) {
        return true;
      }
    }
    return false;
  }

  private void beganFrom(MemberView view, long nowNanos, Action.Send sent, CommitMessage commit) {
    CommitMessage.About about = commit.about();
    Optional<float[]> was = servers.model(sent.to(), about.term(), about.version());
    if (was.isEmpty()) {
      return; // it serves no longer, or that was long ago
    }
    double[] model = Decoding.doubles(was.get());
    double off = Decoding.distance(model, Decoding.floats(view.node.model()));
    if (off > servers.allowed(model)) {
      findings.add(
          view,
          nowNanos,
          Phrase.of(
              "commits to %s what began from version %d of term %d, and holds another model, off"
                  + " by %.2e",
              sent.to(), about.version(), about.term(), off));
    }
  }

  private void finished(MemberView view, long nowNanos, Reason reason) {
    boolean ends = Set.of(Reason.EPOCHS, Reason.TIME, Reason.REQUEST).contains(reason);
    if (ends
        && !Arrays.equals(
            Decoding.floats(view.replica.weights()), Decoding.floats(view.node.model()))) {
      findings.add(view, nowNanos, "ends with other weights than the model's");
    }
  }
}
