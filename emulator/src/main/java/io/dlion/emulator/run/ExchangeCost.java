package io.dlion.emulator.run;

/**
 * What it takes a worker's processor to select, encode and apply gradients, charged to it in
 * virtual time.
 *
 * @param nanosPerParameter for each link that a gradient message goes to, per parameter of the
 *     model, on the reference worker
 * @param nanosPerByte per encoded byte, on the reference worker
 */
public record ExchangeCost(double nanosPerParameter, double nanosPerByte) {
  /**
   * Measured by the project's benchmarks ({@code docs/PERFORMANCE.md}): select and encode for five
   * links, 1 % of 2.17 million entries with residuals, takes 17.1 ms.
   */
  public static final ExchangeCost MEASURED = new ExchangeCost(1.6, 0.3);

  /** Exchange that costs nothing. */
  public static final ExchangeCost FREE = new ExchangeCost(0, 0);

  /** The cost of one message with so many bytes of a model of so many parameters. */
  long nanos(long parameters, long bytes) {
    return Math.round(nanosPerParameter * parameters + nanosPerByte * bytes);
  }
}
