package io.dlion.cluster.line;

/** What a line is for: small messages never wait behind large ones. */
public enum Channel {
  /** Membership and small messages. */
  CONTROL,
  /** Gradients, weights, models. */
  BULK;

  private static final Channel[] ALL = values();

  static Channel of(int code) throws java.io.IOException {
    if (code < 0 || code >= ALL.length) {
      throw new java.io.IOException("an unknown channel " + code);
    }
    return ALL[code];
  }
}
