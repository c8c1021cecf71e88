package io.dlion.cli.survey;

import io.dlion.cluster.survey.StepFacts;
import java.util.List;

/**
 * How much cores slow each other, from what gradients cost workers of one machine alone and what
 * they cost all of them at the same time.
 */
final class Crowding {
  /** A batch of a common size. */
  private static final int SAMPLES = 32;

  private static final double SLOWDOWN_MAX = 10;

  private Crowding() {}

  /**
   * How many times longer a core takes while all of them compute; 1 where there is one core only,
   * or nothing to see.
   *
   * @param alone what a gradient costs each worker while the others rest
   * @param together what it costs them, in the same order, while all compute
   * @param threads of all workers together
   * @param cores of the machine
   */
  static double slowdown(List<StepFacts> alone, List<StepFacts> together, int threads, int cores) {
    int busy = Math.min(threads, cores);
    if (busy < 2) {
      return 1;
    }
    double longer = 0;
    for (int i = 0; i < alone.size(); i++) {
      longer += seconds(together.get(i)) / seconds(alone.get(i)) / alone.size();
    }
    double divided = Math.max(1, (double) threads / cores);
    double slowdown = 1 + (longer / divided - 1) * (cores - 1) / (busy - 1);
    return Math.clamp(slowdown, 1, SLOWDOWN_MAX);
  }

  private static double seconds(StepFacts steps) {
    return steps.alphaSeconds() + steps.betaSeconds() * SAMPLES;
  }
}
