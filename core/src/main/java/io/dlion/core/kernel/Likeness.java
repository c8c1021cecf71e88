package io.dlion.core.kernel;

/**
 * How alike what was expected of messages and what they brought are: the cosine of the angle
 * between the two, over their entries, recent messages counting more. Entries are added up by their
 * places in a block, so that the loops become vector instructions, and all together once a message.
 * Not thread safe.
 */
public final class Likeness {
  /** Each message counts for that much of the next one. */
  private static final double MEMORY = 0.998;

  /** Fewer messages than that say nothing. */
  private static final int MESSAGES_MIN = 10;

  private final float[] products;
  private final float[] expectedSquares;
  private final float[] broughtSquares;
  private double product;
  private double expectedSquare;
  private double broughtSquare;
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

  /** A further message is compared from here on. */
  public void next() {
    messages++;
    product = MEMORY * product + drained(products);
    expectedSquare = MEMORY * expectedSquare + drained(expectedSquares);
    broughtSquare = MEMORY * broughtSquare + drained(broughtSquares);
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
    double squares = expectedSquare * broughtSquare;
    // Squares that are too large or too small for a double say nothing.
    return messages > MESSAGES_MIN && squares > 0 && squares < Double.POSITIVE_INFINITY
        ? Math.clamp(product / Math.sqrt(squares), -1, 1)
        : 0;
  }
}
