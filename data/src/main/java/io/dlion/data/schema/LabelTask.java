package io.dlion.data.schema;

import java.util.Locale;

/** What is asked of a table's label column. */
public enum LabelTask {
  /** Which of several classes. */
  CLASSIFICATION,
  /** Which number. */
  REGRESSION;

  /** Its name in job files and flags. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }
}
