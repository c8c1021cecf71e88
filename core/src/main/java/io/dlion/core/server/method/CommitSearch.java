package io.dlion.core.server.method;

import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * The search for the best commit rate (ADSP, Hu et al., AAAI '20, algorithm 1). It probes a rate
 * and the next one, and goes on as long as the next is better:
 *
 * <pre>
 *   r1 ← probe(C);  r2 ← probe(C + 1);  while r2 &gt; r1: C ← C + 1, r1 ← r2, r2 ← probe(C + 1)
 * </pre>
 *
 * <p>The answer is C. A rate is the number of commits that each client makes in a check period,
 * where the paper counts commits since the run began. Immutable.
 *
 * @param rate C, the best rate so far, commits a period
 * @param reward what probing C gave; null before that
 * @param probes how many probes ended
 * @param probesMax how many there may be, at least 2
 * @param ended whether {@code rate} is the answer
 */
public record CommitSearch(
    int rate, @Nullable ProbeReward reward, int probes, int probesMax, boolean ended) {
  /**
   * With the paper's periods of 60 s ten probes take 600 s: a search that finds ever better rates
   * ends so before the next one begins, which goes on near its answer.
   */
  public static final int PROBES_MAX = 10;

  /** Checks the bounds. */
  public CommitSearch {
    if (rate < 1 || probes < 0 || probesMax < 2 || (probes == 0) != (reward == null)) {
      throw new IllegalArgumentException(
          "commit search: rate " + rate + ", " + probes + " of " + probesMax + " probes");
    }
  }

  /** A search from a rate on, in commits a period, at least 1. */
  public static CommitSearch begin(int startRate) {
    return begin(startRate, PROBES_MAX);
  }

  /** The same with another limit on the number of probes, at least 2. */
  public static CommitSearch begin(int startRate, int probesMax) {
    return new CommitSearch(startRate, null, 0, probesMax, false);
  }

  /**
   * The rate to probe now.
   *
   * @throws IllegalStateException if the search has ended
   */
  public int probing() {
    checkRunning();
    return reward == null ? rate : rate + 1;
  }

  /**
   * The search after the probe of {@link #probing} ended.
   *
   * @throws IllegalStateException if the search has ended
   */
  public CommitSearch probed(ProbeReward next) {
    checkRunning();
    int count = probes + 1;
    if (reward == null) {
      return new CommitSearch(rate, next, count, probesMax, false);
    }
    if (ProbeReward.compare(next, reward) <= 0) {
      return new CommitSearch(rate, reward, count, probesMax, true);
    }
    boolean last = count == probesMax || rate + 1 == Integer.MAX_VALUE;
    return new CommitSearch(rate + 1, next, count, probesMax, last);
  }

  /** The best rate, in commits a period; empty as long as the search goes on. */
  public OptionalInt answer() {
    return ended ? OptionalInt.of(rate) : OptionalInt.empty();
  }

  private void checkRunning() {
    if (ended) {
      throw new IllegalStateException("the search has ended with rate " + rate);
    }
  }
}
