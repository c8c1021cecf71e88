package io.dlion.core.learn;

import io.dlion.core.UserError;
import java.util.List;

/**
 * What one example of a data set looks like: its input, and what is to be predicted from it.
 *
 * @param input dimensions of one input: {@code [features]} for tables, {@code [steps, features]}
 *     for time series, {@code [channels, height, width]} for images, {@code [length]} for text
 * @param kind how inputs and targets are stored, and which loss belongs to them
 * @param outputs number of classes, of real values to predict, or of symbols in the vocabulary
 */
public record ExampleShape(List<Integer> input, Kind kind, int outputs) {
  /** The kinds of task, each with the element types its examples are copied as. */
  public enum Kind {
    /**
     * Inputs float32; images in the order height, width, channel (channels last). Target one int64
     * class in {@code [0, outputs)}. Cross-entropy.
     */
    CLASSIFICATION,
    /** Inputs float32; target {@code outputs} float32 values. Mean squared error. */
    REGRESSION,
    /**
     * Inputs {@code length} int64 symbols; target {@code length} int64 symbols, each the next one.
     * Cross-entropy.
     */
    NEXT_SYMBOL
  }

  /** Checks the dimensions. */
  public ExampleShape {
    input = List.copyOf(input);
    if (outputs < 1 || input.isEmpty() || input.stream().anyMatch(d -> d < 1)) {
      throw new UserError(
          "example shape " + input + " -> " + outputs + ": every dimension must be positive");
    }
  }

  /** Elements of one input. */
  public int inputElements() {
    return input.stream().reduce(1, Math::multiplyExact);
  }

  /** Elements of one target. */
  public int targetElements() {
    return switch (kind) {
      case CLASSIFICATION -> 1;
      case REGRESSION -> outputs;
      case NEXT_SYMBOL -> inputElements();
    };
  }

  /** Bytes of one element of an input. */
  public int inputElementBytes() {
    return kind == Kind.NEXT_SYMBOL ? 8 : 4;
  }

  /** Bytes of one element of a target. */
  public int targetElementBytes() {
    return kind == Kind.REGRESSION ? 4 : 8;
  }

  /** Whether the input is an image: channels, height and width. */
  public boolean isImage() {
    return kind != Kind.NEXT_SYMBOL && input.size() == 3;
  }

  /** Whether the input is a time series: steps, and the numbers of each. */
  public boolean isSequence() {
    return kind != Kind.NEXT_SYMBOL && input.size() == 2;
  }
}
