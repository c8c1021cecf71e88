package io.dlion.monitor.comparison;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/**
 * The statistics of a comparison. Immutable.
 *
 * @param comparison what they are of
 * @param presets in the comparison's order
 * @param ideal the ideal bound, where it was run
 */
public record ComparisonSummary(
    Comparison comparison, List<PresetSummary> presets, Optional<PresetSummary> ideal) {
  /** What the ideal bound is called among presets. */
  public static final String IDEAL = "ideal";

  /** Copies the list. */
  public ComparisonSummary {
    presets = List.copyOf(presets);
  }

  /** Sums up a comparison. */
  public static ComparisonSummary of(Comparison c) {
    List<PresetSummary> presets =
        c.presets().stream()
            .map(p -> PresetSummary.of(p.preset(), p.runs(), c.target(), c.budgetSeconds()))
            .toList();
    Optional<PresetSummary> ideal =
        c.ideal().isEmpty()
            ? Optional.empty()
            : Optional.of(PresetSummary.of(IDEAL, c.ideal(), c.target(), c.budgetSeconds()));
    return new ComparisonSummary(c, presets, ideal);
  }

  /**
   * The best preset: the one with the least mean time to the target among those whose every seed
   * reached it; if there are none, the one with the highest mean accuracy among those that never
   * diverged: the prequential one where there are streams. The first of equals; empty if all
   * diverged.
   */
  public Optional<PresetSummary> best() {
    return fastest(presets.stream())
        .or(() ->
            presets.stream()
                .filter(p -> p.diverged() == 0 && judgedBy(p).count() > 0)
                .max(Comparator.comparingDouble(p -> judgedBy(p).mean())));
  }

  /** The accuracy that tells which preset is best. */
  Estimate judgedBy(PresetSummary preset) {
    return hasStream()
        ? preset.stream().map(StreamSummary::prequential).orElse(Estimate.NONE)
        : preset.accuracy();
  }

  /** Whether a preset learned from streams. */
  public boolean hasStream() {
    return presets.stream().anyMatch(p -> p.stream().isPresent());
  }

  /** Whether a preset has a server and clients. */
  public boolean hasServer() {
    return presets.stream().anyMatch(p -> p.server().isPresent());
  }

  /** Whether a preset is the best. */
  public boolean isBest(PresetSummary preset) {
    return best().filter(b -> b.preset().equals(preset.preset())).isPresent();
  }

  /**
   * The time of the fastest of the other presets over this one's: above 1, this one is faster by
   * that factor. Empty unless every seed of both reached the target.
   */
  public OptionalDouble ratioToBestOther(PresetSummary preset) {
    return ratio(bestOther(preset), preset);
  }

  /** The fastest of the others to the target; empty where none reached it with every seed. */
  public Optional<PresetSummary> bestOther(PresetSummary preset) {
    return fastest(presets.stream().filter(p -> !p.preset().equals(preset.preset())));
  }

  /**
   * The ideal bound's time to the target over the preset's: 1 is as good as it can get. Empty
   * unless every seed of both reached the target.
   */
  public OptionalDouble idealShare(PresetSummary preset) {
    return ratio(ideal.filter(PresetSummary::reachedAlways), preset);
  }

  private static Optional<PresetSummary> fastest(Stream<PresetSummary> presets) {
    return presets
        .filter(PresetSummary::reachedAlways)
        .min(Comparator.comparingDouble(p -> p.secondsToTarget().mean()));
  }

  private static OptionalDouble ratio(Optional<PresetSummary> other, PresetSummary preset) {
    return other.isPresent() && preset.reachedAlways() && preset.secondsToTarget().mean() > 0
        ? OptionalDouble.of(other.get().secondsToTarget().mean() / preset.secondsToTarget().mean())
        : OptionalDouble.empty();
  }
}
