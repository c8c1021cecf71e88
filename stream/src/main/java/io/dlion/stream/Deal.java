package io.dlion.stream;

/**
 * Which records of a source are a worker's, where several workers read the same source. They must
 * agree on the number of shares.
 *
 * @param share of this worker, in {@code [0, shares)}
 * @param shares workers that read the source
 */
public record Deal(int share, int shares) {
  /** A source of its own. */
  public static final Deal ALL = new Deal(0, 1);

  /** Checks the numbers. */
  public Deal {
    if (shares < 1 || share < 0 || share >= shares) {
      throw new IllegalArgumentException(share + " of " + shares);
    }
  }

  boolean takes(long key) {
    return Long.remainderUnsigned(key, shares) == share;
  }
}
