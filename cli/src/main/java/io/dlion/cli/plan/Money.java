package io.dlion.cli.plan;

import io.dlion.core.Phrase;

/** Amounts of money, in the currency that prices were given in. */
final class Money {
  private static final double SMALL = 0.1;
  private static final double TINY = 0.0001;

  private Money() {}

  /** {@code 12.30}, {@code 0.0042}, {@code under 0.0001}. */
  static String text(double amount) {
    if (amount == 0 || amount >= SMALL) {
      return Phrase.of("%.2f", amount);
    }
    return amount < TINY ? "under 0.0001" : Phrase.of("%.4f", amount);
  }
}
