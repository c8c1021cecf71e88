package io.dlion.core.stream;

import io.dlion.core.Phrase;
import io.dlion.core.UserError;
import java.util.List;

/**
 * When the world that a stream shows changes. Places in the stream are counted from 0, in records
 * or in nanoseconds, as the caller likes. What holds at a place is a <em>concept</em>, named by a
 * number; at the beginning it is concept 0.
 *
 * <p>The kinds of drift can be combined. Sudden and gradual ones bring concepts that were never
 * there before. A recurring one alternates between two concepts. Pure; immutable.
 *
 * @param suddenEvery a new concept replaces the old one at each multiple of this; 0: never
 * @param gradualEvery a new concept begins to grow at each multiple of this; 0: never
 * @param gradualSpan how long it takes until a growing concept has replaced the old one; its share
 *     rises linearly from 0 to 1
 * @param recurringEvery at each multiple of this, another concept begins, or the old one comes
 *     back; 0: never
 */
public record DriftSchedule(
    long suddenEvery, long gradualEvery, long gradualSpan, long recurringEvery) {
  /** Concept 0 for ever. */
  public static final DriftSchedule NONE = new DriftSchedule(0, 0, 0, 0);

  /**
   * How much of a stream belongs to a concept.
   *
   * @param concept its number, at least 0
   * @param share from 0 to 1
   */
  public record Share(long concept, double share) {}

  /** Checks the lengths. */
  public DriftSchedule {
    require("sudden", suddenEvery);
    require("gradual", gradualEvery);
    require("recurring", recurringEvery);
    if (gradualSpan < 0 || gradualSpan > gradualEvery || (gradualEvery > 0 && gradualSpan == 0)) {
      throw new UserError(
          Phrase.of(
              "gradual drift every %d: expected a span from 1 to %d, found %d",
              gradualEvery, gradualEvery, gradualSpan));
    }
  }

  private static void require(String kind, long every) {
    if (every < 0) {
      throw new UserError(
          Phrase.of("%s drift: expected a positive length, or 0 for never, found %d", kind, every));
    }
  }

  /** A new concept at each multiple of a length. */
  public static DriftSchedule sudden(long every) {
    return new DriftSchedule(every, 0, 0, 0);
  }

  /** A new concept that grows over a span from each multiple of a length on. */
  public static DriftSchedule gradual(long every, long span) {
    return new DriftSchedule(0, every, span, 0);
  }

  /** Two concepts by turns. */
  public static DriftSchedule recurring(long every) {
    return new DriftSchedule(0, 0, 0, every);
  }

  /**
   * The concepts at a place, the older first; the shares sum to 1.
   *
   * @param at the place; what lies before the beginning is concept 0
   * @return one concept, or two while one grows
   */
  public List<Share> shares(long at) {
    double grown = grown(at);
    long newest = newest(at);
    return grown < 1
        ? List.of(new Share(older(at), 1 - grown), new Share(newest, grown))
        : List.of(new Share(newest, 1));
  }

  /**
   * The concept that a record belongs to.
   *
   * @param at its place
   * @param draw a number in [0, 1), drawn at random for each record: decides while a concept grows
   */
  public long concept(long at, double draw) {
    return draw < grown(at) ? newest(at) : older(at);
  }

  /**
   * Where the next drift begins: the first place after this one where the shares begin to change.
   *
   * @return {@link Long#MAX_VALUE} where no drift follows
   */
  public long nextDrift(long at) {
    return Math.min(
        next(at, suddenEvery), Math.min(next(at, gradualEvery), next(at, recurringEvery)));
  }

  private static long next(long at, long every) {
    long multiples = Math.max(0, times(at, every)) + 1;
    return every == 0 || multiples > Long.MAX_VALUE / every ? Long.MAX_VALUE : multiples * every;
  }

  /** The share of the newest concept, 1 except while it grows. */
  private double grown(long at) {
    if (times(at, gradualEvery) == 0) {
      return 1;
    }
    return Math.min(1, (double) (at % gradualEvery) / gradualSpan);
  }

  private long newest(long at) {
    return number(times(at, suddenEvery) + times(at, gradualEvery), at);
  }

  private long older(long at) {
    return grown(at) < 1
        ? number(times(at, suddenEvery) + times(at, gradualEvery) - 1, at)
        : newest(at);
  }

  /** Each of the successive concepts has a second one, with which it alternates. */
  private long number(long successive, long at) {
    return recurringEvery == 0 ? successive : 2 * successive + times(at, recurringEvery) % 2;
  }

  private static long times(long at, long every) {
    return every == 0 || at < 0 ? 0 : at / every;
  }
}
