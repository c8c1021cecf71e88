package io.dlion.core.wire;

/**
 * Counts in messages (iterations, samples, rounds): no run gets beyond {@value #MAX}, and below it
 * sums and successors of counts cannot overflow, whatever a peer claims.
 */
final class Counts {
  static final long MAX = 1L << 48;

  private Counts() {}

  static boolean arePossible(long... counts) {
    for (long count : counts) {
      if (count < 0 || count > MAX) {
        return false;
      }
    }
    return true;
  }
}
