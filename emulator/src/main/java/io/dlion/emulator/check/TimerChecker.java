package io.dlion.emulator.check;

import io.dlion.core.node.Action;
import io.dlion.core.node.Event;
import io.dlion.core.node.Timer;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;

/** A timer is set once at a time, and nothing is done after the end. */
final class TimerChecker implements Checker {
  private final Findings findings;
  private final Map<View, Set<Timer>> running = new WeakHashMap<>();
  private final Map<View, Boolean> done = new WeakHashMap<>();

  TimerChecker(Findings findings) {
    this.findings = findings;
  }

  @Override
  public void told(View view, Event event) {
    if (event instanceof Event.TimerFired e) {
      of(view).remove(e.timer());
    }
  }

  @Override
  public void answered(View view, long nowNanos, List<Action> actions) {
    for (Action action : actions) {
      if (action instanceof Action.SetTimer a && !of(view).add(a.timer())) {
        findings.add(view, nowNanos, "has set the timer " + a.timer() + " a second time");
      }
      if (done.containsKey(view) && !(action instanceof Action.Consumed)) {
        findings.add(view, nowNanos, "goes on after its end: " + action);
      }
      if (action instanceof Action.Finish) {
        done.put(view, true);
      }
    }
  }

  private Set<Timer> of(View view) {
    return running.computeIfAbsent(view, _ -> EnumSet.noneOf(Timer.class));
  }
}
