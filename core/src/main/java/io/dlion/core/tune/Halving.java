package io.dlion.core.tune;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Successive halving (Jamieson '16): all candidates are tried for a short time, the better half of
 * them twice as long, until few are tried for the whole time. Trials begin anew in each rung, with
 * another seed, so that none is kept for its luck with one. At the end the best two are tried for
 * the whole time again, with more seeds: what was best once may fail the next time. How many and
 * how long depends on the number of candidates and the time alone: every method is granted the
 * same.
 */
public final class Halving {
  private static final int RUNGS_MAX = 3;
  private static final int FINALISTS = 2;
  private static final int FINALS = 2;

  private Halving() {}

  /**
   * A round of trials.
   *
   * @param number from 0
   * @param trials how many
   * @param nanos virtual time of each
   */
  public record Rung(int number, int trials, long nanos) {}

  /**
   * The rounds: halvings up to the whole time, and then, where more than one candidate is left, the
   * best two for the whole time with other seeds.
   *
   * @param candidates at least 1
   * @param nanos the whole time
   */
  public static List<Rung> rungs(int candidates, long nanos) {
    if (candidates < 1 || nanos < 1) {
      throw new IllegalArgumentException(candidates + " candidates, " + nanos + " ns");
    }
    int count = Math.min(RUNGS_MAX, 32 - Integer.numberOfLeadingZeros(candidates));
    List<Rung> rungs = new ArrayList<>();
    int trials = candidates;
    for (int i = 0; i < count; i++) {
      rungs.add(new Rung(i, trials, nanos >> (count - 1 - i)));
      trials = (trials + 1) / 2;
    }
    if (rungs.getLast().trials() > 1) {
      for (int i = 0; i < FINALS; i++) {
        rungs.add(new Rung(rungs.size(), FINALISTS, nanos));
      }
    }
    return rungs;
  }

  /** Virtual time of all trials of one method. */
  public static long nanosOfAll(List<Rung> rungs) {
    return rungs.stream().mapToLong(rung -> rung.trials() * rung.nanos()).sum();
  }

  /** The best candidates, the best first; of equal ones those that come first. */
  public static List<Integer> best(Map<Integer, Standing> standings, int keep) {
    return standings.entrySet().stream()
        .sorted(
            Map.Entry.<Integer, Standing>comparingByValue()
                .thenComparing(Map.Entry::getKey, Comparator.naturalOrder()))
        .limit(keep)
        .map(Map.Entry::getKey)
        .toList();
  }
}
