package io.dlion.data;

import io.dlion.core.UserError;
import java.util.Optional;

/**
 * How to read a data set.
 *
 * @param label tables: the column to predict, by its name or its number counted from 1; where
 *     empty, a column called label, class, target or y, else the last
 * @param sequenceLength text: symbols in one example
 * @param seed of generated data, and of the choice of examples held out where no test set exists
 */
public record DataOptions(Optional<String> label, int sequenceLength, long seed) {
  /** Symbols in one example of a text where nothing else is asked for. */
  public static final int DEFAULT_SEQUENCE_LENGTH = 64;

  /** A longer sequence is a mistake. */
  static final int SEQUENCE_LENGTH_MAX = 65_536;

  /** Checks the length. */
  public DataOptions {
    if (sequenceLength < 1 || sequenceLength > SEQUENCE_LENGTH_MAX) {
      throw new UserError(
          "sequence length " + sequenceLength + ": expected 1 to " + SEQUENCE_LENGTH_MAX);
    }
  }

  /** No label column named, sequences of 64, seed 1. */
  public static DataOptions defaults() {
    return new DataOptions(Optional.empty(), DEFAULT_SEQUENCE_LENGTH, 1);
  }

  /** The same with another label column. */
  public DataOptions withLabel(String column) {
    return new DataOptions(Optional.of(column), sequenceLength, seed);
  }

  /** The same with another seed. */
  public DataOptions withSeed(long newSeed) {
    return new DataOptions(label, sequenceLength, newSeed);
  }
}
