package io.dlion.core.exchange;

import io.dlion.core.layout.ParameterLayout;
import io.dlion.core.settings.Settings;
import io.dlion.core.wire.EncodedSize;
import io.dlion.core.wire.ValueFormat;

/**
 * How much of a link is used for what, as the settings say.
 *
 * @param budgetShare share of what a link carries in one iteration that gradients may use
 * @param gatherShare share of the model that is worth a message
 * @param gatherIterations after so many iterations a link is given a message anyway
 * @param processorShare while all processors of the machine are busy: share of them that exchange
 *     may take; 1: no limit
 * @param reservedShare share of a link for weights while they are under way
 */
public record LinkRule(
    double budgetShare,
    double gatherShare,
    long gatherIterations,
    double processorShare,
    double reservedShare) {
  /** Reads the settings. */
  public static LinkRule of(Settings settings) {
    return new LinkRule(
        settings.number("exchange.budget-share"),
        settings.number("exchange.gather-share"),
        settings.integer("exchange.gather-iterations"),
        settings.number("exchange.processor-share"),
        settings.number("transfer.reserved-share"));
  }

  /** How long a link gathers before it is given a message. */
  public Gathering gathering(ParameterLayout layout, ValueFormat format) {
    return new Gathering(gatherShare * EncodedSize.whole(layout, format), gatherIterations);
  }

  /**
   * How long a link gathers before it is given a message.
   *
   * @param bytes that are worth one
   * @param iterationsMax after which it is given one anyway
   */
  public record Gathering(double bytes, double iterationsMax) {
    /** How many iterations a link gathers that carries so many bytes in one. */
    public double iterations(double bytesPerIteration) {
      return Math.clamp(Math.ceil(bytes / bytesPerIteration), 1, iterationsMax);
    }
  }
}
