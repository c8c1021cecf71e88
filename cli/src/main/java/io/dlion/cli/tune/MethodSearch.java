package io.dlion.cli.tune;

import io.dlion.cli.emulate.ComparedMethod;
import io.dlion.core.settings.Settings;
import io.dlion.core.tune.Candidates;
import io.dlion.core.tune.Halving;
import io.dlion.core.tune.TrialScore;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.IntStream;

/** What is tried of one method in one environment, from rung to rung. Confined to one thread. */
final class MethodSearch {
  private final String environment;
  private final ComparedMethod method;
  private final List<Map<String, String>> candidates;
  private List<Integer> left;
  private Map<Integer, TrialScore> scores = Map.of();

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
    left = scores.isEmpty() ? left : Halving.best(scores, rung.trials());
    return left.stream()
        .sorted()
        .map(i -> new Attempt(environment, method.name(), rung, i, candidates.get(i), seed))
        .toList();
  }

  /** All settings of a trial. */
  Settings settings(Attempt attempt) {
    return method.settings().with(attempt.changes());
  }

  /** What came of a rung's trials, by candidate. */
  void judged(Map<Integer, TrialScore> rung) {
    scores = Map.copyOf(rung);
  }

  /** The best candidate of the last rung. */
  int best() {
    return Halving.best(scores, 1).getFirst();
  }

  /** What came of it. */
  TrialScore bestScore() {
    return scores.getOrDefault(best(), new TrialScore(OptionalDouble.empty(), 0, true));
  }

  /** What it changes. */
  Map<String, String> bestChanges() {
    return candidates.get(best());
  }
}
