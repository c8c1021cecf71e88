package io.dlion.data.file;

import java.text.Normalizer;

/**
 * Names of classes, columns and words. A letter with an accent can be written as one character or
 * as a letter and a combining accent: macOS does the latter in file names. Names are compared, kept
 * and shown in the composed form (Unicode NFC).
 */
public final class ComposedNames {
  private ComposedNames() {}

  /** The same name in the composed form. */
  public static String composed(String name) {
    return isPlain(name) ? name : Normalizer.normalize(name, Normalizer.Form.NFC);
  }

  /** Without any accents there is nothing to do, and most names have none. */
  private static boolean isPlain(String name) {
    return name.chars().allMatch(c -> c < 0x80);
  }
}
