package io.dlion.cluster.desk;

import java.util.Locale;

/** What can be asked of a worker. The order is that of their bytes: new ones come last. */
public enum Command {
  /** What it does; everybody may ask that. */
  STATUS,
  /** End the run for all, with one model. */
  STOP,
  /** Rest until resumed. */
  PAUSE,
  /** Go on. */
  RESUME,
  /** Its model as it is now. */
  MODEL,
  /** What its machine computes, or its lines carry, while it does not train. */
  SURVEY;

  /** Whether only operators may. */
  public boolean isPrivileged() {
    return this != STATUS;
  }

  /** In lower case, as people type it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
