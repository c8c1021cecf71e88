package io.dlion.core.sync;

import io.dlion.core.UserError;
import io.dlion.core.settings.Settings;
import java.util.Optional;

/**
 * When a worker may start its next iteration, as the settings {@code sync.*} say.
 *
 * @param staleness how far behind gradients of peers may be
 * @param tokens how far a worker may run ahead of any peer, if tokens limit that
 * @param barrier whether gradients that take longer on a link than an iteration are announced
 */
public record SyncRule(Synchronization staleness, Optional<TokenQueue> tokens, boolean barrier) {
  /**
   * Reads the settings.
   *
   * @throws UserError for backup workers without tokens
   */
  public static SyncRule of(Settings settings) {
    long capacity = settings.integer("sync.tokens");
    return new SyncRule(
        staleness(settings),
        capacity == 0 ? Optional.empty() : Optional.of(new TokenQueue(capacity)),
        settings.is("sync.barrier", "on"));
  }

  private static Synchronization staleness(Settings settings) {
    if (settings.is("sync.mode", "asynchronous")) {
      return new Synchronization.Asynchronous();
    }
    long bound = settings.integer("sync.bound");
    int backup = settings.smallInteger("sync.backup");
    long tokens = settings.integer("sync.tokens");
    if (backup == 0) {
      return new Synchronization.Bounded(bound);
    }
    if (tokens == 0) {
      throw new UserError(
          "sync.backup="
              + backup
              + ": expected sync.tokens of 1 or more with it, found 0; without tokens"
              + " nothing bounds how far a worker runs ahead. Set sync.tokens=8");
    }
    return new Synchronization.Backed(bound, backup, tokens);
  }

  /** Whether every replica applies the same gradients in the same order. */
  public boolean ordered() {
    return staleness.ordered();
  }

  /** Whether workers wait for gradients of slower ones. */
  public boolean waits() {
    return !(staleness instanceof Synchronization.Asynchronous);
  }

  /** Whether a gradient that is not sent would be waited for. */
  public boolean needsEveryGradient() {
    return waits() || tokens.isPresent();
  }
}
