package io.dlion.emulator.check.witness;

import io.dlion.core.WorkerId;
import io.dlion.core.node.Action;
import io.dlion.core.node.Event;
import io.dlion.core.wire.Payload;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Every payload is consumed exactly once, by the end at the latest, and few are kept at a time:
 * those of peers, and of peers that have just gone.
 */
public final class PayloadChecker implements Checker<Witnessed> {
  private static final int KEPT_PER_PEER_MAX = 3;

  private final Findings findings;
  private final Map<Witnessed, Map<Payload, Kept>> kept = new WeakHashMap<>();

  /** How often a worker has got a payload that it has not consumed, and from whom. */
  private record Kept(WorkerId from, int times) {
    Kept and(Kept more) {
      return new Kept(from, times + more.times);
    }

    @Nullable Kept withoutOne() {
      return times == 1 ? null : new Kept(from, times - 1);
    }
  }

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
      of(view).merge(e.payload(), new Kept(e.from(), 1), Kept::and);
    }
  }

  @Override
  public void answered(Witnessed view, long nowNanos, List<Action> actions) {
    Map<Payload, Kept> messages = of(view);
    for (Action action : actions) {
      if (action instanceof Action.Consumed a) {
        if (!messages.containsKey(a.payload())) {
          findings.add(
              view, nowNanos, "has consumed a message of " + a.from() + " that it did not have");
        }
        messages.computeIfPresent(a.payload(), (_, k) -> k.withoutOne());
      }
    }
    int count = messages.size();
    if (view.finished && count > 0) {
      findings.add(view, nowNanos, "has finished and keeps " + count + " messages");
    }
    long senders = messages.values().stream().map(Kept::from).distinct().count();
    if (count > KEPT_PER_PEER_MAX * Math.max(senders, view.others() + 1)) {
      findings.add(view, nowNanos, "keeps " + count + " messages of " + view.others() + " peers");
    }
  }

  private Map<Payload, Kept> of(Witnessed view) {
    return kept.getOrDefault(view, Map.of());
  }
}
