package io.dlion.data;

import io.dlion.core.UserError;

/** Data of another kind than a model was trained on. */
final class Mismatch {
  private Mismatch() {}

  /**
   * @param found what lies there instead
   */
  static UserError of(String location, Preprocessing expected, String found) {
    String what =
        switch (expected) {
          case ImagePreprocessing images ->
              "images of %s in IDX or CIFAR-10 files, or in a folder per class"
                  .formatted(Images.size(images.width(), images.height(), images.channels()));
          case TablePreprocessing table ->
              "a table with the column '%s'".formatted(table.schema().labelName());
          case TextPreprocessing _ -> "a text (input.txt, or the only .txt file)";
        };
    return new UserError(
        "%s: the model was trained on data of another kind: expected %s, found %s"
            .formatted(location, what, found));
  }
}
