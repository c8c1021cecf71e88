package io.dlion.emulator.check.server;

import io.dlion.core.server.method.AdaComm;
import io.dlion.core.server.method.BoundedStaleness;
import io.dlion.core.server.method.MethodRule;

/**
 * What a method promises of answers.
 *
 * @param bound commits that a client may lead the slowest when it is answered
 * @param restores how often the model may become again what it was when its server began
 */
record MethodTerms(long bound, int restores) {
  private static final int TRIALS = 8;

  static MethodTerms of(MethodRule rule) {
    return switch (rule) {
      case BoundedStaleness.Rule staleness -> new MethodTerms(staleness.bound(), 0);
      case AdaComm.Rule _ -> new MethodTerms(0, TRIALS);
      default -> new MethodTerms(Long.MAX_VALUE, 0);
    };
  }
}
