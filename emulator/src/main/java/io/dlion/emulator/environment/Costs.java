package io.dlion.emulator.environment;

import java.util.Map;
import java.util.Optional;

/**
 * What an iteration costs, for some models or for all.
 *
 * @param usual of every model that has none of its own; empty where nothing is said of it
 * @param byModel by the model's name
 */
record Costs(Optional<Calibration> usual, Map<String, Calibration> byModel) {
  /** Nothing is said. */
  static final Costs NONE = new Costs(Optional.empty(), Map.of());

  Costs {
    byModel = Map.copyOf(byModel);
  }

  /** That of a model, if anything is said of it. */
  Optional<Calibration> of(String model) {
    return Optional.ofNullable(byModel.get(model)).or(() -> usual);
  }

  /** Whether nothing is said of any model. */
  boolean isEmpty() {
    return usual.isEmpty() && byModel.isEmpty();
  }
}
