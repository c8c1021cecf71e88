package io.dlion.cluster.line;

import java.io.IOException;

/** Somebody was reached and will not do what it was called for. */
final class RefusedException extends IOException {
  private static final long serialVersionUID = 1;

  private final transient Station by;

  RefusedException(Station by, String why) {
    super(why);
    this.by = by;
  }

  /** Who was reached. */
  Station by() {
    return by;
  }
}
