package io.dlion.core.batching;

import java.util.List;

/**
 * Batches with which all workers finish at the same time T: {@code Σ_k (T − α_k)/β_k = B}, {@code
 * b_k = (T − α_k)/β_k}. Unlike a division in proportion to speed it does not leave fast workers
 * idle for the constant part α of slow ones. A worker whose α alone exceeds T gets one sample, and
 * T is solved again for the others.
 */
public final class EqualFinishDivision implements Division {
  @Override
  public int[] divide(int globalBatch, List<Cost> costs) {
    int n = costs.size();
    boolean[] least = new boolean[n];
    double[] shares = new double[n];
    for (boolean changed = true; changed; ) {
      changed = false;
      double time = finishTime(globalBatch, costs, least);
      for (int k = 0; k < n; k++) {
        shares[k] =
            least[k] ? 1 : (time - costs.get(k).alphaSeconds()) / costs.get(k).betaSeconds();
        if (shares[k] < 1) {
          least[k] = true;
          changed = true;
        }
      }
    }
    return Rounding.largestRemainder(shares, globalBatch);
  }

  /** T of the workers that are not held at one sample. */
  private static double finishTime(int globalBatch, List<Cost> costs, boolean[] least) {
    double samples = globalBatch;
    double offset = 0;
    double rate = 0;
    for (int k = 0; k < least.length; k++) {
      if (least[k]) {
        samples--;
      } else {
        offset += costs.get(k).alphaSeconds() / costs.get(k).betaSeconds();
        rate += 1 / costs.get(k).betaSeconds();
      }
    }
    return (samples + offset) / rate;
  }
}
