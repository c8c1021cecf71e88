package io.dlion.cluster.worker;

/**
 * How much exchange may take of a machine whose processors are all busy: what it takes, gradients
 * cannot have. While they are busy the links are given less, by half each time, down to a share of
 * the processors; where they are not, slowly more, until nothing is held back. Not thread safe.
 */
final class ProcessorShare {
  /**
   * What a byte for a peer, and one from it, take of a processor: selection, encoding, the network
   * in both directions, decoding, applying, and what all of that takes from the caches of those who
   * compute. In {@code benchmarks/peers/network FM OUT 20 dlion --set exchange.n=N}, N 40 and 70,
   * three workers that share two cores, a step with 52 kB more for both peers together took 21 ms
   * more: 14 ms of a core. 2 cores of an Intel Xeon, JDK 25, 30 November 2026.
   */
  private static final double SECONDS_PER_BYTE = 270e-9;

  /** From here on processors count as busy. */
  private static final double BUSY = 0.85;

  /** Growth each time they are not: slower than the way down, as what is given back makes busy. */
  private static final double GROWTH = 1.25;

  private final double leastBytesPerSecond;
  private double limit = Double.POSITIVE_INFINITY;

  /**
   * Nothing is held back.
   *
   * @param share of the processors that exchange may take at least
   * @param processors of the machine, or those of them that it may use
   */
  ProcessorShare(double share, int processors) {
    this.leastBytesPerSecond = share * processors / SECONDS_PER_BYTE;
  }

  /**
   * A look at the machine.
   *
   * @param load of its processors, 0 to 1; negative or not a number where it is not known
   * @param bytesPerSecond what all links together can carry
   * @return bytes per second that all links together may be given; infinity: no limit
   */
  double observe(double load, double bytesPerSecond) {
    if (load >= BUSY) {
      limit = Math.max(leastBytesPerSecond, Math.min(limit, bytesPerSecond) / 2);
    } else {
      limit *= GROWTH;
    }
    if (limit >= bytesPerSecond) {
      limit = Double.POSITIVE_INFINITY;
    }
    return limit;
  }
}
