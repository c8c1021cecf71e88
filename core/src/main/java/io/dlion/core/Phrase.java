package io.dlion.core;

import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Format strings filled in with the same digits and signs on every machine.
 *
 * <p>{@link String#formatted} takes those of the machine's locale. Programs cannot read these, and
 * much of what DLion writes is read by programs.
 */
public final class Phrase {
  private Phrase() {}

  @FormatMethod
  public static String of(@FormatString String format, @Nullable Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
