package io.dlion.core.settings;

import java.util.Locale;
import java.util.Optional;

/**
 * What changes where there are hardly any examples. The curvature of a loss over D examples that
 * have little in common grows as 1 / D: the steps that suit many examples diverge on a handful, the
 * more so as every batch holds most of them. So steps are multiplied by {@code D / 64} below
 * {@value #ENOUGH} examples; 32 samples are the least that batches of all workers are fitted to.
 */
public final class FewExamples {
  /** From here on a global batch of 32 samples is at most half of the examples. */
  private static final int ENOUGH = 64;

  private FewExamples() {}

  /**
   * What steps are multiplied by.
   *
   * @param trainingExamples D, over all workers
   * @return above 0; 1 where there are enough
   */
  public static double share(long trainingExamples) {
    return Math.min(1, (double) trainingExamples / ENOUGH);
  }

  /** What people should know of so few examples; empty where there are enough. */
  public static Optional<String> news(long trainingExamples) {
    return trainingExamples >= ENOUGH
        ? Optional.empty()
        : Optional.of(
            String.format(
                Locale.ROOT,
                "only %d training example%s: so few teach a model nothing that holds for other"
                    + " data; training goes on, with steps of %.1f %% of the learning rate",
                trainingExamples,
                trainingExamples == 1 ? "" : "s",
                100 * share(trainingExamples)));
  }
}
