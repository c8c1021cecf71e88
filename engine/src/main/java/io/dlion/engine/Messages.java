package io.dlion.engine;

import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Makes one line of the messages of native libraries, which come with pages of stack traces. */
final class Messages {
  private static final int LENGTH_MAX = 200;

  /** What the loader of glibc says of a library that it did not find, or that is too old. */
  private static final Pattern LOADER =
      Pattern.compile(
          "(?<missing>[^\\s:/]+): cannot open shared object file|(?<old>version `[^']+' not found)");

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

  /** What libraries of this system a native library cannot do without, if that is why it fails. */
  static Optional<String> systemLacks(@Nullable Throwable failure) {
    for (Throwable each = failure; each != null; each = each.getCause()) {
      Matcher loader = LOADER.matcher(String.valueOf(each.getMessage()));
      if (loader.find()) {
        String missing = loader.group("missing");
        return Optional.of(
            missing == null ? "an older library (" + loader.group("old") + ")" : "no " + missing);
      }
    }
    return Optional.empty();
  }

  /** The first sentence of a long text. */
  private static String shortened(String text) {
    int sentence = text.indexOf(". ");
    return text.length() <= LENGTH_MAX || sentence < 0 ? text : text.substring(0, sentence);
  }
}
