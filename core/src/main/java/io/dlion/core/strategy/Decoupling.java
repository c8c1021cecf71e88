package io.dlion.core.strategy;

import io.dlion.core.settings.Settings;
import java.util.Optional;

/**
 * The rule of rounds of local steps in which nobody is waited for beyond a grace time, as the
 * settings {@code local.quorum} and those that need it say.
 *
 * @param quorum share of the workers, this one included, whose distances close a round, in [0, 1]
 * @param grace how long the others are waited for then, as a share of the time that the round's
 *     steps have taken
 * @param dynamicSteps whether a slow worker takes fewer steps in a round, so that rounds take
 *     equally long
 * @param discount exponent a of {@code (1 + s)^−a}, what a distance counts that is s rounds stale
 */
public record Decoupling(double quorum, double grace, boolean dynamicSteps, double discount) {
  /** Reads the settings; empty where all are waited for, or as {@code sync.mode} says. */
  static Optional<Decoupling> of(Settings settings) {
    return settings.is("local.quorum", "all")
        ? Optional.empty()
        : Optional.of(
            new Decoupling(
                settings.number("local.quorum"),
                settings.number("local.grace"),
                settings.is("local.by-speed", "on"),
                settings.number("outer.staleness-discount")));
  }

  /** How many of so many workers close a round: at least this one. */
  public int needed(int workers) {
    return Math.max(1, (int) Math.ceil(quorum * workers - 1e-9));
  }
}
