package io.dlion.core.server.method;

/**
 * The momentum that commits made without waiting amount to (ADSP, Hu et al., AAAI '20, theorem 1;
 * after Mitliagkas et al., Allerton '16).
 */
public final class ImplicitMomentum {
  private ImplicitMomentum() {}

  /**
   * {@code μ = 1 − 1/(1 + (1 − 1/m)·Σ_i Γ/(ΔC_i·v_i))} for m workers.
   *
   * <p>As published, a term is in seconds² per step and commit, so μ depends on the unit of time;
   * it is in seconds here. It serves to follow one run, or to compare runs on the same workers: μ
   * falls as workers commit more often.
   *
   * @param periodSeconds Γ, the check period, more than 0
   * @param commits ΔC_i, each worker's commits in a period, at least 1
   * @param stepsPerSecond v_i, each worker's speed, in the same order, at least 0
   * @return from 0 (one worker, or none) to 1 (a worker that makes no steps)
   */
  public static double of(double periodSeconds, int[] commits, double[] stepsPerSecond) {
    if (!(periodSeconds > 0) || commits.length != stepsPerSecond.length) {
      throw new IllegalArgumentException(
          "implicit momentum: period "
              + periodSeconds
              + " s, commits of "
              + commits.length
              + " workers, speeds of "
              + stepsPerSecond.length);
    }
    int workers = commits.length;
    if (workers <= 1) {
      return 0;
    }
    double sum = 0;
    for (int i = 0; i < workers; i++) {
      if (commits[i] < 1 || !(stepsPerSecond[i] >= 0)) {
        throw new IllegalArgumentException(
            "implicit momentum: " + commits[i] + " commits, " + stepsPerSecond[i] + " steps/s");
      }
      sum += periodSeconds / (commits[i] * stepsPerSecond[i]);
    }
    return 1 - 1 / (1 + (1 - 1.0 / workers) * sum);
  }
}
