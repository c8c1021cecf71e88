package io.dlion.cli.tune;

import io.dlion.cli.emulate.ComparedMethod;
import io.dlion.core.settings.Settings;
import io.dlion.core.tune.Candidates;
import io.dlion.core.tune.Halving;
import io.dlion.core.tune.Standing;
import io.dlion.core.tune.TrialScore;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;

/** What is tried of one method in one environment, from rung to rung. Confined to one thread. */
final class MethodSearch {
  private final String environment;
  private final ComparedMethod method;
  private final List<Map<String, String>> candidates;
  private List<Integer> left;
  private Map<Integer, Standing> standings = Map.of();
  private long nanos;

  /**
   * Begins with all candidates.
   *
   * @param fixed keys that keep their values
   * @param trials how many candidates
   * @param seed of what is drawn
   */
  MethodSearch(
      String environment, ComparedMethod method, Set<String> fixed, int trials, long seed) {
    this.environment = environment;
    this.method = method;
    this.candidates = new Candidates(method.settings(), fixed, trials, seed).all();
    this.left = IntStream.range(0, trials).boxed().toList();
  }

  /** What is tuned. */
  ComparedMethod method() {
    return method;
  }

  /** The trials of a rung: of those candidates that were best in the one before. */
  List<Attempt> attempts(Halving.Rung rung, long seed) {
    left = standings.isEmpty() ? left : Halving.best(standings, rung.trials());
    return left.stream()
        .sorted()
        .map(i -> new Attempt(environment, method.name(), rung, i, candidates.get(i), seed))
        .toList();
  }

  /** All settings of a trial. */
  Settings settings(Attempt attempt) {
    return method.settings().with(attempt.changes());
  }

  /** What came of a rung's trials, by candidate; it adds to what came of others as long. */
  void judged(Halving.Rung rung, Map<Integer, TrialScore> scores) {
    boolean more = rung.nanos() == nanos;
    Map<Integer, Standing> all = new LinkedHashMap<>();
    scores.forEach((candidate, score) -> {
      Standing before = more ? standings.get(candidate) : null;
      all.put(candidate, before == null ? Standing.of(score) : before.and(score));
    });
    standings = all;
    nanos = rung.nanos();
  }

  /** The best candidate of the last rung. */
  int best() {
    return Halving.best(standings, 1).getFirst();
  }

  /** What came of it. */
  Standing bestStanding() {
    return Objects.requireNonNull(standings.get(best()));
  }

  /** What it changes. */
  Map<String, String> bestChanges() {
    return candidates.get(best());
  }
}
