package io.dlion.core;

import java.util.SplittableRandom;

/** Runs a randomised check under many seeds; a failure names the seed that repeats it. */
public final class Seeded {
  private Seeded() {}

  /** A check that draws its inputs from the generator given. */
  @FunctionalInterface
  public interface Check {
    void run(SplittableRandom random) throws Exception;
  }

  /** Runs the check under the seeds 1 to {@code seeds}. */
  public static void check(int seeds, Check check) {
    for (long seed = 1; seed <= seeds; seed++) {
      with(seed, check);
    }
  }

  /** Runs the check under one seed, to repeat a failure. */
  public static void with(long seed, Check check) {
    try {
      check.run(new SplittableRandom(seed));
    } catch (Exception | Error e) {
      throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
    }
  }
}
