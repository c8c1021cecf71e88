package io.dlion.cli.measure;

import io.dlion.cli.calibrate.StepClock;
import io.dlion.core.learn.Examples;
import io.dlion.core.learn.Learner;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Times gradients of several batch sizes within a time. First it warms up: {@value #WARM_UP}
 * gradients, or as many as a third of the time allows, at least 2, so that Java has compiled what
 * is called often, and the engine has its memory. Then it times {@value #STEPS_MAX} gradients of
 * each size, fewer where time is short, at least {@value #STEPS_MIN}; where time is over, larger
 * sizes are left out but for the first two. Confined to one thread.
 *
 * @param learner computes them
 * @param examples batches are drawn from
 * @param sizeMin the least batch that the model learns from
 * @param nanoTime the clock, as {@link System#nanoTime()}
 */
record StepTiming(Learner learner, Examples examples, int sizeMin, LongSupplier nanoTime) {
  /** Gradients for warming up. */
  static final int WARM_UP = 40;

  /** Gradients of a size that are timed where there is time. */
  static final int STEPS_MAX = 20;

  /** Gradients of a size that are timed in any case. */
  static final int STEPS_MIN = 3;

  private static final List<Integer> SIZES = List.of(4, 8, 16, 32, 64);
  private static final int WARM_UP_MIN = 2;
  private static final int WARM_UP_SIZE = 16;

  /**
   * What was timed.
   *
   * @param sizes batch sizes, in samples
   * @param seconds of each gradient, for each size
   */
  record Timed(List<Integer> sizes, List<List<Double>> seconds) {
    int gradients() {
      return seconds.stream().mapToInt(List::size).sum();
    }
  }

  /** Warms up, and times within so many nanoseconds, about. */
  Timed within(long nanos) {
    StepClock clock = new StepClock(learner, examples, nanoTime);
    warmUp(clock, nanos / 3);
    List<Integer> sizes = new ArrayList<>();
    List<List<Double>> seconds = new ArrayList<>();
    long begin = nanoTime.getAsLong();
    for (int size : SIZES) {
      boolean late = nanoTime.getAsLong() - begin > nanos;
      if (size >= sizeMin && !(late && sizes.size() >= 2)) {
        sizes.add(size);
        seconds.add(time(clock, size, nanos / SIZES.size()));
      }
    }
    return new Timed(sizes, seconds);
  }

  private void warmUp(StepClock clock, long nanos) {
    long begin = nanoTime.getAsLong();
    int size = Math.max(WARM_UP_SIZE, sizeMin);
    for (int k = 0; k < WARM_UP; k += 2) { // each of these is two gradients
      if (k >= WARM_UP_MIN && nanoTime.getAsLong() - begin > nanos) {
        return;
      }
      clock.time(List.of(size), 1);
    }
  }

  /** Some first, which tell how many more there is time for. */
  private static List<Double> time(StepClock clock, int size, long nanos) {
    List<Double> all = new ArrayList<>(clock.time(List.of(size), STEPS_MIN).getFirst());
    double each = all.stream().mapToDouble(Double::doubleValue).sum() / all.size();
    int more = (int) Math.min(STEPS_MAX - STEPS_MIN, nanos / 1e9 / each - STEPS_MIN - 2);
    if (more > 0) {
      all.addAll(clock.time(List.of(size), more).getFirst());
    }
    return all;
  }
}
