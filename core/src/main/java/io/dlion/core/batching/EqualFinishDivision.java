package io.dlion.core.batching;

import java.util.List;

/**
 * Batches with which all workers finish at the same time T: {@code Σ_k (T − α_k)/β_k = B}, {@code
 * b_k = (T − α_k)/β_k}. Unlike a division in proportion to speed it does not leave fast workers
 * idle for the constant part α of slow ones. A worker whose share would be below the least batch
 * gets the least batch, and T is solved again for the others.
 */
public final class EqualFinishDivision implements Division {
  @Override
  public int[] divide(int globalBatch, int least, List<Cost> costs) {
    int n = costs.size();
    boolean[] held = new boolean[n];
    double[] shares = new double[n];
    for (boolean changed = true; changed; ) {
      changed = false;
      double time = finishTime(globalBatch, least, costs, held);
      for (int k = 0; k < n; k++) {
        shares[k] =
            held[k] ? least : (time - costs.get(k).alphaSeconds()) / costs.get(k).betaSeconds();
        if (shares[k] < least) {
          held[k] = true;
          changed = true;
        }
      }
    }
    return Rounding.largestRemainder(shares, least, globalBatch);
  }

  /** T of the workers that are not held at the least batch. */
  private static double finishTime(int globalBatch, int least, List<Cost> costs, boolean[] held) {
    double samples = globalBatch;
    double offset = 0;
    double rate = 0;
    for (int k = 0; k < held.length; k++) {
      if (held[k]) {
        samples -= least;
      } else {
        offset += costs.get(k).alphaSeconds() / costs.get(k).betaSeconds();
        rate += 1 / costs.get(k).betaSeconds();
      }
    }
    return (samples + offset) / rate;
  }
}
