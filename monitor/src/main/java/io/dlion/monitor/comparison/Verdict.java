package io.dlion.monitor.comparison;

import io.dlion.core.WorkerId;
import io.dlion.monitor.comparison.trace.SeedRun;
import io.dlion.monitor.comparison.trace.ServerPoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;

/** What a comparison comes to, in words. */
public final class Verdict {
  private Verdict() {}

  /** What is compared: {@code hetero-sys-a: cnn on fashion-mnist, 6 workers, 3 seeds, 600 s …}. */
  public static String subject(Comparison c) {
    SeedRun first = c.presets().getFirst().runs().getFirst();
    int seeds = c.presets().stream().mapToInt(p -> p.runs().size()).max().orElse(0);
    return String.format(
        Locale.ROOT,
        "%s on %s, %s, %s, %s s of virtual time",
        c.model(),
        c.data(),
        workers(first),
        counted(seeds, "seed"),
        Figures.seconds(c.budgetSeconds()));
  }

  private static String workers(SeedRun run) {
    Set<WorkerId> servers =
        run.server().points().stream().map(ServerPoint::server).collect(Collectors.toSet());
    int apart =
        (int)
            run.workers().stream()
                .filter(w -> !w.trained() && servers.contains(w.worker()))
                .count();
    return counted(run.workers().size() - apart, "worker")
        + (apart == 0 ? "" : " and " + counted(apart, "server"));
  }

  /** Who is best, and by how much. */
  public static String best(ComparisonSummary summary) {
    Optional<PresetSummary> best = summary.best();
    if (best.isEmpty()) {
      return summary.presets().stream().allMatch(p -> p.diverged() > 0)
          ? "every preset diverged, with some seed at least"
          : "nothing to compare: no preset that did not diverge was evaluated";
    }
    PresetSummary b = best.get();
    if (!b.reachedAlways()) {
      String none = summary.comparison().target().isPresent() ? "no preset reached the target" : "";
      return none
          + (none.isEmpty() ? "" : " with every seed: ")
          + b.preset()
          + (summary.hasStream()
              ? " has the highest prequential accuracy, "
              : " is the most accurate at the end, ")
          + Figures.percent(summary.judgedBy(b))
          + " %";
    }
    StringBuilder text = new StringBuilder();
    text.append(b.preset())
        .append(" is the first to reach ")
        .append(Figures.percent(summary.comparison().target().orElseThrow()))
        .append(" %, after ")
        .append(Figures.seconds(b.secondsToTarget()))
        .append(" s");
    summary
        .bestOther(b)
        .ifPresent(o ->
            text.append("; ")
                .append(Figures.times(summary.ratioToBestOther(b)))
                .append(" the speed of ")
                .append(o.preset())
                .append(", the best of the others"));
    OptionalDouble share = summary.idealShare(b);
    if (share.isPresent()) {
      text.append("; ").append(Figures.wholePercent(share)).append(" % of the ideal bound");
    }
    return text.toString();
  }

  /**
   * Why a preset has no time to the target: {@code not reached by 600 s}, {@code 2 of 3 seeds by
   * 600 s}, {@code diverged: 1 of 3 seeds}. Empty where it has one, and where there is no target.
   */
  public static Optional<String> noTime(PresetSummary p, Comparison c) {
    if (p.diverged() > 0) {
      return Optional.of(
          p.diverged() == p.seeds()
              ? "diverged"
              : "diverged: " + p.diverged() + " of " + counted(p.seeds(), "seed"));
    }
    if (c.target().isEmpty() || p.reachedAlways()) {
      return Optional.empty();
    }
    String by = " by " + Figures.seconds(c.budgetSeconds()) + " s";
    return Optional.of(
        p.reached() == 0
            ? "not reached" + by
            : p.reached() + " of " + counted(p.seeds(), "seed") + by);
  }

  /** What a reader must know to read the numbers right, a sentence each. */
  public static List<String> readingNotes(ComparisonSummary summary) {
    List<String> notes = new ArrayList<>();
    int seeds = summary.presets().stream().mapToInt(PresetSummary::seeds).max().orElse(0);
    notes.add(
        seeds > 1
            ? "± is the 95 % confidence interval of the mean over " + seeds + " seeds"
            : "one seed only: no intervals, and differences of a point of accuracy are ties");
    for (PresetSummary p : summary.presets()) {
      if (p.diverged() > 0 && summary.comparison().target().isEmpty()) {
        notes.add(p.preset() + " " + noTime(p, summary.comparison()).orElseThrow());
      }
      if (p.reached() > 0 && p.reached() < p.seeds()) {
        notes.add(p.preset() + " by seed: " + bySeed(p));
      }
    }
    return notes;
  }

  private static String bySeed(PresetSummary p) {
    return p.secondsBySeed().stream()
        .map(s -> s.isPresent() ? Figures.seconds(s.getAsDouble()) + " s" : "not reached")
        .collect(Collectors.joining(", "));
  }

  static String counted(int count, String thing) {
    return count + " " + thing + (count == 1 ? "" : "s");
  }
}
