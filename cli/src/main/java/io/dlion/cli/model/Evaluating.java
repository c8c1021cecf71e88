package io.dlion.cli.model;

import io.dlion.cli.console.Console;
import io.dlion.data.DataOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Measures a trained model: what {@code dlion evaluate} does once it knows what is wanted. */
@FunctionalInterface
public interface Evaluating {
  /**
   * Evaluates the model of a run.
   *
   * @param run its folder
   * @param data what to evaluate on, as {@code --data} takes it; empty: the run's own test set
   * @param reading how that data is to be read, as far as that was said
   * @return the exit code
   * @throws IOException for a failure of the disk
   */
  int run(Path run, Optional<String> data, DataOptions reading, Console console) throws IOException;
}
