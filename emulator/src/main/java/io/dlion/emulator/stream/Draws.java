package io.dlion.emulator.stream;

import io.dlion.core.learn.Seeds;

/** Numbers that look random and depend on a seed and a number alone. */
final class Draws {
  private Draws() {}

  /** In [0, 1). */
  static double of(long seed, long number) {
    return (Seeds.derive(seed, number) >>> 11) * 0x1p-53;
  }
}
