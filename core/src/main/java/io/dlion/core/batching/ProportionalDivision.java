package io.dlion.core.batching;

import java.util.List;

/**
 * {@code b_k = B · RCP_k / Σ_j RCP_j} (HPDC '21, section 3.2): a worker's relative compute power is
 * the number of samples it processes in a unit of time, here at an equal share of B, where all are
 * compared alike.
 */
public final class ProportionalDivision implements Division {
  @Override
  public int[] divide(int globalBatch, int least, List<Cost> costs) {
    double equalShare = (double) globalBatch / costs.size();
    double[] shares = new double[costs.size()];
    double sum = 0;
    for (int k = 0; k < shares.length; k++) {
      shares[k] = equalShare / costs.get(k).seconds(equalShare);
      sum += shares[k];
    }
    for (int k = 0; k < shares.length; k++) {
      shares[k] *= globalBatch / sum;
    }
    return Rounding.largestRemainder(shares, least, globalBatch);
  }
}
