package io.dlion.cli.job;

import java.util.Locale;

/** Which model a run leaves. */
public enum KeepModel {
  /** The best that evaluations during training have found, unless that of the end is better. */
  BEST,
  /** That of the end. */
  LAST;

  /** Its name in a job. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }
}
