package io.dlion.core.batching;

import java.util.Comparator;
import java.util.List;

/**
 * The global batch size that reaches an accuracy soonest, as far as the costs of steps tell.
 *
 * <p>With an equal finish a step on B samples takes all workers {@code (B + A) / R}, where {@code A
 * = Σ (α_k + h)/β_k} is what a step costs whatever its batch, in samples, and {@code R = Σ 1/β_k}
 * the rate at which they process samples; h is the time a processor needs for exchange. The number
 * of steps falls with B as {@code 1 + K/B} (McCandlish et al. '18, equation 2.7, with the critical
 * batch K). The product is least at
 *
 * <pre>  B = √(A · K).</pre>
 *
 * <p>Where nobody waits for anybody, a worker with a high fixed cost need not be counted: it takes
 * part as well as it can. B is then that of those workers, the cheapest first, for which {@code (√A
 * + √K)² / R}, the least time, is least.
 *
 * <p>K is that of early training, when it is smallest and time to a first good model is decided;
 * {@link NoiseGuidedGrowth} follows it later.
 */
public final class FastestBatch {
  /**
   * K, in samples. The optimum is flat (at twice or half of the best B a run takes about 1.2 times
   * as long at most), so one number serves: that of small networks on images, for which B was
   * varied.
   */
  static final double CRITICAL_SAMPLES = 128;

  /** An epoch has at least as many steps: fewer could not learn from so little, however fast. */
  private static final int STEPS_PER_EPOCH_MIN = 100;

  private static final int SAMPLES_MIN = 32;
  private static final int PER_WORKER_MIN = 4;

  /**
   * What a step costs the node's thread: update, velocity and selection; and for each peer
   * encoding, decoding and applying. Together 13 ms for 2.17 million parameters and two peers:
   * {@code benchmarks/run SystemOverhead 3 60}, 2 cores of an AMD EPYC (Zen 4), JDK 25, 28 November
   * 2026. The first is what {@code benchmarks/run 'KernelMomentum|ExchangeSelect' -p model=cipher}
   * takes for a step and one link: 3.1 to 4.4 ms and 1.9 ms, 29 November 2026.
   */
  private static final double NANOS_PER_PARAMETER = 2.5;

  private static final double NANOS_PER_PARAMETER_AND_PEER = 1.8;

  /**
   * What a network's stack takes for each peer, both directions. In {@code benchmarks/peers/network
   * DIR OUT 20 dlion} (325,282 parameters, two peers) its threads had 1.7 times the processor time
   * of the node's, 15 and 9 percent of all: the same machine, 28 November 2026.
   */
  private static final double NETWORK_NANOS_PER_PARAMETER_AND_PEER = 5;

  private FastestBatch() {}

  /**
   * Seconds that exchange takes of each step, h.
   *
   * @param networked whether messages cross a network
   */
  public static double exchangeSeconds(long parameters, int peers, boolean networked) {
    double perPeer =
        NANOS_PER_PARAMETER_AND_PEER + (networked ? NETWORK_NANOS_PER_PARAMETER_AND_PEER : 0);
    return parameters * (NANOS_PER_PARAMETER + peers * perPeer) * 1e-9;
  }

  /**
   * B in samples for workers of these costs.
   *
   * @param exchangeSeconds h: what a worker's processor needs for exchange in each step
   * @param waiting whether workers wait for each other
   * @param trainingExamples D, over all workers: at most one percent of them, but at least {@value
   *     #SAMPLES_MIN} samples, and {@value #PER_WORKER_MIN} for each worker
   */
  public static int of(
      List<Cost> costs, double exchangeSeconds, boolean waiting, long trainingExamples) {
    List<Cost> cheapestFirst =
        costs.stream()
            .sorted(Comparator.comparingDouble(c -> fixedSamples(c, exchangeSeconds)))
            .toList();
    double fixed = 0;
    double rate = 0;
    double leastTime = Double.POSITIVE_INFINITY;
    double counted = 0;
    for (Cost cost : cheapestFirst) {
      fixed += fixedSamples(cost, exchangeSeconds);
      rate += 1 / cost.betaSeconds();
      double time = Math.pow(Math.sqrt(fixed) + Math.sqrt(CRITICAL_SAMPLES), 2) / rate;
      if (waiting || time < leastTime) {
        leastTime = time;
        counted = fixed;
      }
    }
    long best = Math.round(Math.sqrt(counted * CRITICAL_SAMPLES));
    long most = trainingExamples / STEPS_PER_EPOCH_MIN;
    long least = Math.max(SAMPLES_MIN, PER_WORKER_MIN * (long) costs.size());
    return Math.toIntExact(Math.max(least, Math.min(best, most)));
  }

  /** What a step costs a worker whatever its batch, in samples. */
  private static double fixedSamples(Cost cost, double exchangeSeconds) {
    return (cost.alphaSeconds() + exchangeSeconds) / cost.betaSeconds();
  }
}
