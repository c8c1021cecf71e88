package io.dlion.cli.option;

import io.dlion.core.UserError;

/** Checks the values of flags that are whole numbers. */
public final class FlagRange {
  private FlagRange() {}

  /** Fails unless the value is 1 to {@code maximum}. */
  public static void requireUpTo(String flag, int found, int maximum) {
    if (found < 1 || found > maximum) {
      throw new UserError(flag + ": expected 1 to " + maximum + ", found " + found);
    }
  }
}
