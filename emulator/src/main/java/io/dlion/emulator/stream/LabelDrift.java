package io.dlion.emulator.stream;

import io.dlion.core.WorkerId;
import io.dlion.core.learn.Seeds;
import io.dlion.emulator.environment.ConceptDrift;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * What label an example has at a time and a place. Each drift moves the labels of some classes,
 * drawn from the seed, by one place in a circle; several drifts act one after the other. While a
 * drift is gradual it depends on the example whether it has its old or its new label. Immutable.
 */
public final class LabelDrift {
  private final List<Step> steps = new ArrayList<>();

  private record Step(ConceptDrift drift, List<Integer> labels, long seed) {}

  /**
   * The labels of a data set.
   *
   * @param drifts in order of time, none of more classes than there are
   * @param classes number of classes
   * @param seed the same one for all workers of a run
   */
  public LabelDrift(List<ConceptDrift> drifts, int classes, long seed) {
    for (ConceptDrift drift : drifts) {
      long its = Seeds.derive(seed, steps.size());
      int moved = drift.classes() == 0 ? Math.max(2, classes / 2) : drift.classes();
      steps.add(new Step(drift, circle(classes, moved, its), its));
    }
  }

  private static List<Integer> circle(int classes, int moved, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int[] order = new int[classes];
    int[] labels = new int[classes];
    for (int i = 0; i < classes; i++) {
      int j = random.nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
      labels[i] = i;
    }
    for (int i = 0; i < moved; i++) {
      labels[order[i]] = order[(i + 1) % moved];
    }
    return Arrays.stream(labels).boxed().toList();
  }

  /** Whether some label somewhere is not that of the data set at a time. */
  public boolean isUnderWay(long nanos) {
    return steps.stream().anyMatch(step -> step.drift.shareAt(nanos) > 0);
  }

  /**
   * The label of an example.
   *
   * @param label in the data set
   * @param worker at whose site it is seen
   * @param nanos when it is seen
   * @param example a number that tells it from others
   */
  public int label(int label, WorkerId worker, long nanos, long example) {
    int now = label;
    for (Step step : steps) {
      double share = step.drift.workers().contains(worker) ? step.drift.shareAt(nanos) : 0;
      if (share == 1 || Draws.of(step.seed, example) < share) {
        now = step.labels.get(now);
      }
    }
    return now;
  }
}
