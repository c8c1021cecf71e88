package io.dlion.engine;

import java.util.Objects;

/** Makes one line of the messages of native libraries, which come with pages of stack traces. */
final class Messages {
  private static final int LENGTH_MAX = 200;

  private Messages() {}

  /** The first line of an exception's message. */
  static String firstLine(Throwable cause) {
    String text = Objects.requireNonNullElse(cause.getMessage(), cause.toString());
    return text.lines().filter(l -> !l.isBlank()).findFirst().orElse(text).strip();
  }

  /**
   * The line that names the error: TorchScript puts it last, after a trace of the model's source
   * ("RuntimeError: mat1 and mat2 shapes cannot be multiplied").
   */
  static String essence(Throwable cause) {
    String text = Objects.requireNonNullElse(cause.getMessage(), cause.toString());
    return text.lines()
        .filter(l -> l.matches("^[\\w.]*(Error|Exception): .*"))
        .findFirst()
        .orElseGet(() -> firstLine(cause))
        .strip()
        .replaceFirst("^RuntimeError: |^builtins[.]", "")
        .transform(Messages::shortened);
  }

  /** The first sentence of a long text. */
  private static String shortened(String text) {
    int sentence = text.indexOf(". ");
    return text.length() <= LENGTH_MAX || sentence < 0 ? text : text.substring(0, sentence);
  }
}
