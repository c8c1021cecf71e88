package io.dlion.core.batching;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A worker's profile of itself (local batch size controller; HPDC '21, section 3.2). At the start a
 * few batch sizes are timed and {@code alpha + beta · b} is fitted to the least time of each by
 * least squares: a machine that does other things too, or still compiles, only ever adds to it.
 * Later every iteration is timed; at a constant b a fit would be singular, so the shape {@code
 * alpha : beta} is kept from profiling and one factor follows the median of the last {@value
 * #RECENT} times, what else the machine does included. Not thread safe.
 */
public final class StepTimes {
  private static final int RECENT = 9;

  private final TreeMap<Integer, List<Double>> profiled = new TreeMap<>();
  private final double[] ratios = new double[RECENT];
  private int observed;
  private Cost shape = new Cost(0, 1e-3);

  /** A timed step of the profiling phase. */
  public void profile(int samples, double seconds) {
    profiled.computeIfAbsent(samples, b -> new ArrayList<>()).add(seconds);
  }

  /** Ends profiling: fits the shape. */
  public void fit() {
    double meanB = 0;
    double meanT = 0;
    for (Map.Entry<Integer, List<Double>> e : profiled.entrySet()) {
      meanB += e.getKey() / (double) profiled.size();
      meanT += Collections.min(e.getValue()) / profiled.size();
    }
    double covariance = 0;
    double variance = 0;
    for (Map.Entry<Integer, List<Double>> e : profiled.entrySet()) {
      covariance += (e.getKey() - meanB) * (Collections.min(e.getValue()) - meanT);
      variance += (e.getKey() - meanB) * (e.getKey() - meanB);
    }
    // Noise can make the slope vanish or the intercept negative; neither can be true.
    double least = 0.05 * meanT / meanB;
    double most = meanT / meanB;
    double beta = variance == 0 ? most : Math.clamp(covariance / variance, least, most);
    shape = new Cost(Math.max(0, meanT - beta * meanB), Math.max(beta, 1e-12));
    observed = 0;
  }

  /** A timed iteration. */
  public void observe(int samples, double seconds) {
    ratios[observed++ % RECENT] = seconds / shape.seconds(samples);
  }

  /** What a step costs at present. */
  public Cost cost() {
    if (observed == 0) {
      return shape;
    }
    double[] recent = Arrays.copyOf(ratios, Math.min(observed, RECENT));
    Arrays.sort(recent);
    return shape.times(Math.max(1e-9, recent[recent.length / 2]));
  }

  /** Starts from a cost known from before (a checkpoint). */
  public void restore(Cost cost) {
    shape = cost;
    observed = 0;
  }
}
