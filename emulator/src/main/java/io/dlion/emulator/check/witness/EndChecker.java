package io.dlion.emulator.check.witness;

import io.dlion.core.node.Action;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;

/** After its end a node does nothing but give back what still arrives. */
public final class EndChecker implements Checker<Witnessed> {
  private final Findings findings;
  private final Set<Witnessed> done = Collections.newSetFromMap(new WeakHashMap<>());

  /** Nothing seen so far. */
  public EndChecker(Findings findings) {
    this.findings = findings;
  }

  @Override
  public void answered(Witnessed view, long nowNanos, List<Action> actions) {
    for (Action action : actions) {
      if (done.contains(view) && !(action instanceof Action.Consumed)) {
        findings.add(view, nowNanos, "goes on after its end: " + action);
      }
      if (action instanceof Action.Finish) {
        done.add(view);
      }
    }
  }
}
