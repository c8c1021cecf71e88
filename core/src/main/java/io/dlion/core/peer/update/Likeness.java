package io.dlion.core.peer.update;

import io.dlion.core.kernel.Blocks;

/**
 * How alike what was expected of messages and what they brought are: the cosine of the angle
 * between the two, over their entries, recent messages counting more, and whether a negative one is
 * more than noise. Entries are added up by their places in a block, so that the loops become vector
 * instructions, and all together once a message. Not thread safe.
 *
 * <p>The standard error is that of a sum of independent products with mean 0, {@code √(Σ p²)},
 * where a product p is that of {@value #GROUP} messages in a row: successive gradients share their
 * momentum, and the messages of several peers are compared with the same own steps.
 */
final class Likeness {
  /** Each message counts for that much of the next one. */
  private static final double MEMORY = 0.998;

  /** Fewer messages than that say nothing. */
  private static final int MESSAGES_MIN = 10;

  /** Messages whose products are added up before they are squared for the standard error. */
  private static final int GROUP = 16;

  /** Fewer groups say nothing of the standard error. */
  private static final int GROUPS_MIN = 4;

  /** A cosine is negative if it is so by more standard errors than these. */
  private static final double ERRORS = 3;

  /** A cosine that is known, and neither positive nor certainly negative. */
  private static final double NEITHER = 1e-6;

  private final float[] products;
  private final float[] expectedSquares;
  private final float[] broughtSquares;
  private double product;
  private double expectedSquare;
  private double broughtSquare;
  private double groupProduct;
  private double groupSquare;
  private long messages;

  /** Nothing has been compared so far, of a model of that size. */
  public Likeness(int size) {
    int block = Math.min(Blocks.BLOCK, size);
    this.products = new float[block];
    this.expectedSquares = new float[block];
    this.broughtSquares = new float[block];
  }

  /** Compares the first {@code count} entries of {@code x · expected} and {@code y · brought}. */
  void compare(float[] expected, float x, float[] brought, float y, int count) {
    add(expected, x, brought, y, count, products, expectedSquares, broughtSquares);
  }

  // Everything is a local variable here, and only so the loop becomes vector instructions.
  private static void add(
      float[] expected,
      float x,
      float[] brought,
      float y,
      int count,
      float[] products,
      float[] expectedSquares,
      float[] broughtSquares) {
    for (int i = 0; i < count; i++) {
      float e = x * expected[i];
      float b = y * brought[i];
      products[i] += e * b;
      expectedSquares[i] += e * e;
      broughtSquares[i] += b * b;
    }
  }

  /**
   * A further message is compared from here on.
   *
   * @param usual the cosine that the message before would have without being unlike, at most 0;
   *     only what goes beyond it counts
   */
  public void next(double usual) {
    messages++;
    double expected = drained(expectedSquares);
    double brought = drained(broughtSquares);
    double beyond = drained(products) - usual * Math.sqrt(expected) * Math.sqrt(brought);
    product = MEMORY * product + beyond;
    expectedSquare = MEMORY * expectedSquare + expected;
    broughtSquare = MEMORY * broughtSquare + brought;
    groupProduct += beyond;
    groupSquare *= MEMORY * MEMORY;
    if (messages % GROUP == 0) {
      groupSquare += groupProduct * groupProduct;
      groupProduct = 0;
    }
  }

  private static double drained(float[] sums) {
    double total = 0;
    for (int i = 0; i < sums.length; i++) {
      total += sums[i];
      sums[i] = 0;
    }
    return total;
  }

  /** Of the messages before {@link #next}; 0 if there were too few to tell. */
  public double cosine() {
    return messages > MESSAGES_MIN ? overNorms(product) : 0;
  }

  /**
   * The cosine, or of a negative one the part that is more than noise, {@value #ERRORS} standard
   * errors nearer to 0; a tiny positive number where nothing of it is; 0 where too few messages
   * have come to tell.
   */
  public double certain() {
    if (messages < GROUPS_MIN * GROUP) {
      return 0;
    }
    double cosine = cosine();
    if (cosine >= 0) {
      return cosine;
    }
    double upper = cosine + ERRORS * overNorms(Math.sqrt(groupSquare));
    return upper < 0 ? upper : NEITHER;
  }

  private double overNorms(double value) {
    double squares = expectedSquare * broughtSquare;
    // Squares that are too large or too small for a double say nothing.
    return squares > 0 && squares < Double.POSITIVE_INFINITY
        ? Math.clamp(value / Math.sqrt(squares), -1, 1)
        : 0;
  }
}
