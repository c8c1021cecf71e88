package io.dlion.cli.calibrate;

import io.dlion.core.learn.Examples;
import io.dlion.core.learn.Learner;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;

/**
 * Times gradients. Confined to one thread.
 *
 * @param learner computes them
 * @param examples batches are drawn from; small sets are gone through again and again
 * @param nanoTime the clock, as {@link System#nanoTime()}
 */
public record StepClock(Learner learner, Examples examples, LongSupplier nanoTime) {
  /**
   * Times {@code steps} gradients of each batch size, after an untimed one. Sizes do not take
   * turns, since in training the gradient before was of the same size, too.
   *
   * @param sizes batch sizes, in samples
   * @return for each size, in their order, the seconds of every step
   */
  public List<List<Double>> time(List<Integer> sizes, int steps) {
    List<List<Double>> seconds = new ArrayList<>();
    for (int size : sizes) {
      step(size, 0);
      seconds.add(IntStream.rangeClosed(1, steps).mapToObj(step -> step(size, step)).toList());
    }
    return seconds;
  }

  private double step(int size, int step) {
    int[] rows = new int[size];
    for (int i = 0; i < size; i++) {
      rows[i] = Math.floorMod(step * size + i, examples.count());
    }
    long begin = nanoTime.getAsLong();
    learner.gradient(examples, rows, size, step);
    return (nanoTime.getAsLong() - begin) / 1e9;
  }
}
