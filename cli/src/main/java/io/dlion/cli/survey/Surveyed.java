package io.dlion.cli.survey;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What a survey has found out.
 *
 * @param environmentFile what was written; {@code Environments.read} takes it
 * @param model whose gradients were timed, as the environment calls it
 * @param parameters of that model
 * @param workers that were measured, in the order of their names
 * @param notAnswering who was found, or named as a seed, and could not be reached
 * @param leftOut who answered and was not measured, with the reason, by name
 * @param notes what else a person should know of the figures
 */
public record Surveyed(
    Path environmentFile,
    String model,
    long parameters,
    List<String> workers,
    List<String> notAnswering,
    Map<String, String> leftOut,
    List<String> notes) {
  /** Copies the collections. */
  public Surveyed {
    workers = List.copyOf(workers);
    notAnswering = List.copyOf(notAnswering);
    leftOut = Map.copyOf(leftOut);
    notes = List.copyOf(notes);
  }
}
