package io.dlion.cli.tune;

import io.dlion.core.Phrase;
import io.dlion.core.tune.Halving;
import java.nio.file.Path;
import java.util.Map;

/**
 * One trial of a candidate.
 *
 * @param environment where
 * @param method its name
 * @param rung how long, and at which stage
 * @param candidate which one, from 0
 * @param changes what it changes of the method's own settings
 * @param seed of the run
 */
record Attempt(
    String environment,
    String method,
    Halving.Rung rung,
    int candidate,
    Map<String, String> changes,
    long seed) {
  Attempt {
    changes = Map.copyOf(changes);
  }

  /** Virtual time of it. */
  double seconds() {
    return rung.nanos() / 1e9;
  }

  /** Its file in a ledger's folder. */
  Path file() {
    return Path.of(
        environment, method, Phrase.of("rung%d-trial%02d.yaml", rung.number() + 1, candidate + 1));
  }

  /** For people. */
  String title() {
    return Phrase.of(
        "%-14s %-12s trial %d for %.0f s", environment, method, candidate + 1, seconds());
  }
}
