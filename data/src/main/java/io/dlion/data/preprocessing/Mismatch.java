package io.dlion.data.preprocessing;

import io.dlion.core.Phrase;
import io.dlion.core.UserError;

/** Data of another kind than a model was trained on. */
public final class Mismatch {
  private Mismatch() {}

  /**
   * The error that says so.
   *
   * @param found what lies there instead
   */
  public static UserError of(String location, Preprocessing expected, String found) {
    String what =
        switch (expected) {
          case ImagePreprocessing images ->
              Phrase.of(
                  "images of %s in IDX or CIFAR-10 files, or in a folder per class",
                  ImagePreprocessing.size(images.width(), images.height(), images.channels()));
          case TablePreprocessing table ->
              Phrase.of("a table with the column '%s'", table.schema().labelName());
          case TextPreprocessing _ -> "a text (input.txt, or the only .txt file)";
        };
    return new UserError(
        Phrase.of(
            "%s: the model was trained on data of another kind: expected %s, found %s",
            location, what, found));
  }
}
