package io.dlion.core.online;

import io.dlion.core.stream.StreamRule;

/** What a worker does for a while after the world has changed. Confined to its node. */
final class Reaction {
  private final StreamRule.Drift drift;
  private final double replayShare;
  private long untilNanos = Long.MIN_VALUE;

  Reaction(StreamRule rule) {
    this.drift = rule.drift();
    this.replayShare = rule.replay().share();
  }

  /** The world has changed. */
  void begin(long nowNanos) {
    untilNanos = nowNanos + drift.nanos();
  }

  boolean isUnderWay(long nowNanos) {
    return nowNanos < untilNanos;
  }

  /** What the learning rate is multiplied by. */
  double rateFactor(long nowNanos) {
    return isUnderWay(nowNanos) ? drift.rate() : 1;
  }

  /** Share of a batch that is to be replayed now. */
  double replayShare(long nowNanos) {
    return isUnderWay(nowNanos) ? Math.min(replayShare, drift.share()) : replayShare;
  }
}
