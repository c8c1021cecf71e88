package io.dlion.core.node;

import io.dlion.core.learn.Evaluation;
import java.util.List;
import java.util.Map;

/**
 * Whether the evaluations of a worker during training still become better, see {@link
 * Evaluation#isBetterThan}. Confined to its node.
 */
public final class Improvement {
  private static final String ACCURACY = "best-accuracy";
  private static final String LOSS = "best-loss";

  /** Of a saved state: they go with the best model. */
  public static final List<String> KEYS = List.of(ACCURACY, LOSS, Checkpoint.WITHOUT_BETTER);

  private Evaluation best = new Evaluation(0, Double.NaN, Double.NaN);
  private int without;

  /** Takes an evaluation into account; returns whether it is the best so far. */
  public boolean evaluated(Evaluation found) {
    boolean better = found.isBetterThan(best);
    if (better) {
      best = found;
      without = 0;
    } else {
      without++;
    }
    return better;
  }

  /** Evaluations in a row since the best one. */
  public int without() {
    return without;
  }

  /** Adds what is known to a saved state. */
  public void save(Map<String, String> state) {
    state.put(ACCURACY, Double.toString(best.accuracy()));
    state.put(LOSS, Double.toString(best.loss()));
    state.put(Checkpoint.WITHOUT_BETTER, Integer.toString(without));
  }

  /** Resumes with a saved state. */
  public void restore(Map<String, String> state) {
    best =
        new Evaluation(
            0,
            Double.parseDouble(state.getOrDefault(LOSS, "NaN")),
            Double.parseDouble(state.getOrDefault(ACCURACY, "NaN")));
    without = Integer.parseInt(state.getOrDefault(Checkpoint.WITHOUT_BETTER, "0"));
  }
}
