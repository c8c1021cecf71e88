package io.dlion.cli.plan;

import io.dlion.cli.option.Desks;
import io.dlion.emulator.environment.Environment;
import java.util.List;
import java.util.Optional;

/**
 * The sites that a plan is for.
 *
 * @param environment their machines and lines
 * @param origin where that is known from, for people
 * @param identity tells these sites from others of the same name: results for others do not hold
 * @param silent who the plan is made without, and why: {@code 10.0.0.9:7800 did not answer}
 * @param measured where workers that are up were measured
 */
public record Sites(
    Environment environment,
    String origin,
    String identity,
    List<String> silent,
    Optional<Measured> measured) {
  /** Copies the list. */
  public Sites {
    silent = List.copyOf(silent);
  }

  /**
   * Workers that were measured.
   *
   * @param desks how they were reached
   * @param model whose gradients they timed
   * @param parameters of that model with their data
   * @param notes what else a person should know of the figures
   */
  public record Measured(Desks desks, String model, long parameters, List<String> notes) {
    /** Copies the list. */
    public Measured {
      notes = List.copyOf(notes);
    }
  }

  /** The same sites, changed. */
  Sites with(Environment other, String otherIdentity) {
    return new Sites(other, origin, otherIdentity, silent, measured);
  }
}
