package io.dlion.emulator.check.server;

import io.dlion.core.Phrase;
import io.dlion.core.WorkerId;
import io.dlion.core.node.Action;
import io.dlion.core.node.Event;
import io.dlion.core.report.Report;
import io.dlion.core.server.method.ServerRule;
import io.dlion.emulator.check.witness.Checker;
import io.dlion.emulator.check.witness.Findings;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;

/**
 * When the last fault is over, every live client makes one step after the other, unless its method
 * lets it wait for others, who then do.
 */
final class MemberProgressChecker implements Checker<MemberView> {
  private final Findings findings;
  private final Circumstances circumstances;
  private final ServerRule rule;
  private final ServerChecker servers;
  private final Map<MemberView, Long> last = new WeakHashMap<>();

  MemberProgressChecker(
      Findings findings, Circumstances circumstances, ServerRule rule, ServerChecker servers) {
    this.findings = findings;
    this.circumstances = circumstances;
    this.rule = rule;
    this.servers = servers;
  }

  @Override
  public void told(MemberView view, Event event) {
    if (isExcused(view, event.nowNanos())) {
      last.put(view, event.nowNanos());
    }
  }

  private boolean isExcused(MemberView view, long nowNanos) {
    return nowNanos >= circumstances.overNanos()
        || !view.hasData
        || (view.serves && !rule.trains())
        || servers.isHeld(view.id);
  }

  @Override
  public void answered(MemberView view, long nowNanos, List<Action> actions) {
    for (Action action : actions) {
      if (action instanceof Action.Tell(Report.Iteration _)) {
        check(view, nowNanos);
        last.put(view, nowNanos);
      }
    }
    if (isExcused(view, nowNanos)) {
      last.put(view, nowNanos);
    }
  }

  @Override
  public void ended(Map<WorkerId, ? extends MemberView> live, long nowNanos) {
    for (MemberView view : live.values()) {
      if (!view.finished && !isExcused(view, nowNanos)) {
        check(view, nowNanos);
      }
    }
  }

  private void check(MemberView view, long nowNanos) {
    long since = Math.max(circumstances.quietNanos(), last.getOrDefault(view, view.bornNanos));
    if (nowNanos - since > circumstances.patienceNanos()) {
      findings.add(
          view, nowNanos, Phrase.of("has made no step for %.1f s", (nowNanos - since) / 1e9));
    }
  }
}
