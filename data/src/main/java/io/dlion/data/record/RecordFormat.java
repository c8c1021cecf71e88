package io.dlion.data.record;

import io.dlion.data.preprocessing.DataKind;
import java.util.Locale;

/** How a single record is written. */
public enum RecordFormat {
  /** An object with the names of the columns; of images with {@code image} and {@code label}. */
  JSON,
  /** One line of a table. */
  CSV,
  /** Numbers one after the other, with the label before or behind them. */
  RAW,
  /** An image file; its class comes beside it. */
  IMAGE,
  /** A text in UTF-8. */
  TEXT;

  /** Its name in job files. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether data of this kind can be written so. */
  public boolean fits(DataKind kind) {
    return switch (this) {
      case JSON -> true;
      case CSV -> kind == DataKind.TABLE;
      case RAW -> kind != DataKind.TEXT;
      case IMAGE -> kind == DataKind.IMAGES;
      case TEXT -> kind == DataKind.TEXT;
    };
  }
}
