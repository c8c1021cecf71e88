package io.dlion.data.schema;

/** Values that no training data can have given. */
public final class Invalid {
  private Invalid() {}

  /** Fails where a condition does not hold; readers turn it into an error that names the place. */
  public static void unless(boolean valid, String found) {
    if (!valid) {
      throw new IllegalArgumentException("found " + found);
    }
  }
}
