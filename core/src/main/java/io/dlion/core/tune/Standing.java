package io.dlion.core.tune;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.DoubleStream;

/**
 * What came of all trials of a candidate that were equally long; the better one is the lesser: it
 * diverged in fewer trials, then missed the target in fewer, then was there sooner, then more
 * accurate. Only candidates with as many trials can be compared.
 *
 * @param trials at least one, each with a seed of its own
 */
public record Standing(List<TrialScore> trials) implements Comparable<Standing> {
  private static final Comparator<Standing> ORDER =
      Comparator.comparingInt(Standing::diverged)
          .thenComparing(Standing::reached, Comparator.reverseOrder())
          .thenComparingDouble(
              standing -> standing.secondsToTarget().orElse(Double.POSITIVE_INFINITY))
          .thenComparingDouble(
              standing -> Double.isNaN(standing.accuracy()) ? 1 : -standing.accuracy());

  /** Copies the list. */
  public Standing {
    if (trials.isEmpty()) {
      throw new IllegalArgumentException("no trial");
    }
    trials = List.copyOf(trials);
  }

  /** After the first trial. */
  public static Standing of(TrialScore score) {
    return new Standing(List.of(score));
  }

  /** After another trial. */
  public Standing and(TrialScore score) {
    List<TrialScore> all = new ArrayList<>(trials);
    all.add(score);
    return new Standing(all);
  }

  /** In how many trials weights or losses were no longer finite. */
  public int diverged() {
    return (int) trials.stream().filter(TrialScore::diverged).count();
  }

  /** Whether all trials diverged. */
  public boolean neverSound() {
    return diverged() == trials.size();
  }

  /** How many trials reached the target. */
  public int reached() {
    return (int) seconds().count();
  }

  /** When the target was reached, mean over those that reached it; empty where none did. */
  public OptionalDouble secondsToTarget() {
    return seconds().average();
  }

  /** Mean over all trials; a trial that reaches its target may end there. */
  public double accuracy() {
    return trials.stream().mapToDouble(TrialScore::accuracy).average().orElseThrow();
  }

  @Override
  public int compareTo(Standing other) {
    return ORDER.compare(this, other);
  }

  private DoubleStream seconds() {
    return trials.stream()
        .filter(trial -> !trial.diverged())
        .flatMapToDouble(trial -> trial.secondsToTarget().stream());
  }
}
