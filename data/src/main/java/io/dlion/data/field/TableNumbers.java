package io.dlion.data.field;

import java.math.BigDecimal;
import java.math.MathContext;

/** Numbers in tables. */
public final class TableNumbers {
  private TableNumbers() {}

  /** How a class that is a number is called: 1 for 1, 1.0 and 01. */
  public static String canonical(double value) {
    return isWhole(value) ? Long.toString((long) value) : Double.toString(value);
  }

  /** For people: whole numbers as they are, others with six significant digits at most. */
  public static String shown(double value) {
    return isWhole(value)
        ? canonical(value)
        : new BigDecimal(value).round(new MathContext(6)).stripTrailingZeros().toString();
  }

  /** Whether it has no fraction. */
  public static boolean isWhole(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15;
  }
}
