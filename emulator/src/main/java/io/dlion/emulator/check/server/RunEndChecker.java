package io.dlion.emulator.check.server;

import io.dlion.core.Phrase;
import io.dlion.core.WorkerId;
import io.dlion.core.node.Action;
import io.dlion.emulator.check.witness.Checker;
import io.dlion.emulator.check.witness.Findings;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Where a server ends the run all others end with it, and hold the very model that it holds. That
 * is not to be expected where something goes wrong just then.
 */
final class RunEndChecker implements Checker<MemberView> {
  private static final long BEFORE_NANOS = 5_000_000_000L;
  private static final long WITHIN_NANOS = 6_000_000_000L;

  private final Findings findings;
  private final Circumstances circumstances;
  private final Map<WorkerId, End> ends = new HashMap<>();

  /** How a server has ended. */
  private static final class End {
    final float[] model;
    final long atNanos;
    final Set<WorkerId> others;

    End(float[] model, long atNanos, Set<WorkerId> others) {
      this.model = model;
      this.atNanos = atNanos;
      this.others = others;
    }
  }

  RunEndChecker(Findings findings, Circumstances circumstances) {
    this.findings = findings;
    this.circumstances = circumstances;
  }

  @Override
  public void born(MemberView view) {
    ends.remove(view.id);
    ends.values().forEach(end -> end.others.remove(view.id));
  }

  @Override
  public void gone(WorkerId worker, long nowNanos) {
    ends.values().forEach(end -> end.others.remove(worker));
  }

  /** A server ends the run, for these others. */
  void ends(MemberView view, long nowNanos, Set<WorkerId> others) {
    float[] model = Decoding.floats(view.node.model());
    ends.put(view.id, new End(model, nowNanos, new HashSet<>(others)));
  }

  private boolean isJudged(End end) {
    return circumstances.isCalm(end.atNanos - BEFORE_NANOS, end.atNanos + WITHIN_NANOS);
  }

  @Override
  public void answered(MemberView view, long nowNanos, List<Action> actions) {
    for (Action action : actions) {
      if (action instanceof Action.Finish f && f.reason().endsRun()) {
        view.endedBy.map(ends::get).ifPresent(end -> finished(view, nowNanos, end));
      }
    }
  }

  private void finished(MemberView view, long nowNanos, End end) {
    if (!end.others.remove(view.id) || !isJudged(end)) {
      return;
    }
    double[] model = Decoding.doubles(end.model);
    double off = Decoding.distance(model, Decoding.floats(view.replica.weights()));
    if (off > 0) {
      findings.add(
          view, nowNanos, Phrase.of("ends with a model that is off by %.2e from the run's", off));
    }
  }

  @Override
  public void ended(Map<WorkerId, ? extends MemberView> live, long nowNanos) {
    for (End end : ends.values()) {
      if (isJudged(end) && nowNanos > end.atNanos + WITHIN_NANOS) {
        end.others.stream()
            .filter(live::containsKey)
            .map(live::get)
            .forEach(view -> {
              if (view != null && !view.finished) {
                findings.add(view, nowNanos, "has not ended with the run");
              }
            });
      }
    }
  }
}
