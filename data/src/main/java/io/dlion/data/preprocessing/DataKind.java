package io.dlion.data.preprocessing;

import java.util.Locale;

/** What the files of a data set hold. */
public enum DataKind {
  /** Rows and columns. */
  TABLE,
  /** One long text. */
  TEXT,
  /** Images with a class each. */
  IMAGES;

  /** Its name in job files and flags. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }
}
