package io.dlion.emulator.check.witness;

import io.dlion.core.node.Action;
import io.dlion.core.node.Event;
import io.dlion.core.wire.Payload;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;

/** Every payload is consumed exactly once, by the end at the latest, and few are kept at a time. */
public final class PayloadChecker implements Checker<Witnessed> {
  private static final int KEPT_PER_PEER_MAX = 3;

  private final Findings findings;
  private final Map<Witnessed, Map<Payload, Integer>> kept = new WeakHashMap<>();

  /** Nothing seen so far. */
  public PayloadChecker(Findings findings) {
    this.findings = findings;
  }

  @Override
  public void born(Witnessed view) {
    kept.put(view, new HashMap<>());
  }

  @Override
  public void told(Witnessed view, Event event) {
    if (event instanceof Event.Received e) {
      of(view).merge(e.payload(), 1, Integer::sum);
    }
  }

  @Override
  public void answered(Witnessed view, long nowNanos, List<Action> actions) {
    Map<Payload, Integer> messages = of(view);
    for (Action action : actions) {
      if (action instanceof Action.Consumed a) {
        if (!messages.containsKey(a.payload())) {
          findings.add(
              view, nowNanos, "has consumed a message of " + a.from() + " that it did not have");
        }
        messages.computeIfPresent(a.payload(), (_, n) -> n == 1 ? null : n - 1);
      }
    }
    int count = messages.size();
    if (view.finished && count > 0) {
      findings.add(view, nowNanos, "has finished and keeps " + count + " messages");
    }
    if (count > KEPT_PER_PEER_MAX * Math.max(1, view.others() + 1)) {
      findings.add(view, nowNanos, "keeps " + count + " messages of " + view.others() + " peers");
    }
  }

  private Map<Payload, Integer> of(Witnessed view) {
    return kept.getOrDefault(view, Map.of());
  }
}
