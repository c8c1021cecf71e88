package io.dlion.emulator.check.server;

import io.dlion.core.Phrase;
import io.dlion.core.WorkerId;
import io.dlion.core.node.Action;
import io.dlion.core.node.Event;
import io.dlion.emulator.check.witness.Checker;
import io.dlion.emulator.check.witness.Findings;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Somebody serves within six seconds of when the loss of the one before can be noticed; and when
 * all is quiet exactly one does.
 */
final class SuccessionChecker implements Checker<MemberView> {
  private static final long NOTICE_NANOS = 3_000_000_000L;
  private static final long TAKE_OVER_NANOS = 6_000_000_000L;

  /** After the last fault: what was lost on the way is asked for again by then. */
  private static final long SETTLE_NANOS = 6_000_000_000L;

  private final Findings findings;
  private final Circumstances circumstances;
  private final Map<WorkerId, MemberView> live = new TreeMap<>();

  /** Since when nobody serves; -1 if somebody does. */
  private long emptySinceNanos;

  private boolean told;

  SuccessionChecker(Findings findings, Circumstances circumstances) {
    this.findings = findings;
    this.circumstances = circumstances;
  }

  @Override
  public void born(MemberView view) {
    live.put(view.id, view);
  }

  @Override
  public void gone(WorkerId worker, long nowNanos) {
    live.remove(worker);
    look(nowNanos);
  }

  @Override
  public void told(MemberView view, Event event) {
    if (emptySinceNanos >= 0 && !told && isOverdue(event.nowNanos()) && !view.finished) {
      told = true;
      findings.add(
          view,
          event.nowNanos(),
          Phrase.of("nobody serves for %.1f s", (event.nowNanos() - emptySinceNanos) / 1e9));
    }
  }

  private boolean isOverdue(long nowNanos) {
    long due = emptySinceNanos + NOTICE_NANOS + TAKE_OVER_NANOS;
    long settled = circumstances.quietNanos() + NOTICE_NANOS + SETTLE_NANOS + TAKE_OVER_NANOS;
    return nowNanos > due && (nowNanos > settled || circumstances.isCalm(emptySinceNanos, due));
  }

  @Override
  public void answered(MemberView view, long nowNanos, List<Action> actions) {
    look(nowNanos);
    long settled = circumstances.quietNanos() + NOTICE_NANOS + SETTLE_NANOS;
    if (view.serves && !view.finished && nowNanos > settled) {
      live.values().stream()
          .filter(other -> other != view && other.serves && !other.finished)
          .filter(other -> view.others.contains(other.id)) // no way may lead to it
          .forEach(other -> findings.add(view, nowNanos, "still serves beside " + other.id));
    }
  }

  private void look(long nowNanos) {
    boolean served = live.values().stream().anyMatch(v -> v.serves || v.finished);
    if (served) {
      emptySinceNanos = -1;
      told = false;
    } else if (emptySinceNanos < 0) {
      emptySinceNanos = nowNanos;
    }
  }
}
