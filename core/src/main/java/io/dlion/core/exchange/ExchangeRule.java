package io.dlion.core.exchange;

import io.dlion.core.layout.ParameterLayout;
import io.dlion.core.settings.Settings;
import io.dlion.core.wire.Selection;
import io.dlion.core.wire.ValueFormat;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Locale;

/**
 * A method of exchange with its parameters, as the settings {@code exchange.*} say. Each method
 * reads its own.
 */
public interface ExchangeRule {
  /** The format of sent values. */
  static ValueFormat format(Settings settings) {
    return ValueFormat.valueOf(settings.text("exchange.values").toUpperCase(Locale.ROOT));
  }

  /** A new exchange for one group of neighbours. */
  Exchange open(Terms terms);

  /** The format of sent values. */
  ValueFormat format();

  /** Whether peers are sent anything of gradients. */
  default boolean exchangesGradients() {
    return true;
  }

  /** Whether the parts of a model can be exchanged by turns. */
  default boolean takesParts() {
    return false;
  }

  /** Whether every entry of every gradient is sent. */
  default boolean sendsEverything() {
    return false;
  }

  /** Whether all peers are sent the same of a gradient, and its own worker applies just that. */
  default boolean sendsAllTheSame() {
    return sendsEverything();
  }

  /**
   * What an exchange is made for.
   *
   * @param layout of gradients
   * @param weights of this worker
   * @param learningRate η
   * @param parts what is exchanged by turns in successive iterations; a single one is the whole
   * @param queued whether a link that is busy queues gradients
   * @param rounded whether the worker applies its own gradient as rounded as peers receive it
   * @param seed of stochastic rounding
   */
  record Terms(
      ParameterLayout layout,
      MemorySegment weights,
      double learningRate,
      List<Selection> parts,
      boolean queued,
      boolean rounded,
      long seed) {
    /** Copies the list. */
    public Terms {
      parts = List.copyOf(parts);
    }

    /** Terms of an exchange whose links are asked when they are free. */
    public static Terms of(ParameterLayout layout, long seed) {
      return new Terms(layout, MemorySegment.NULL, 0, List.of(), false, false, seed);
    }
  }
}
