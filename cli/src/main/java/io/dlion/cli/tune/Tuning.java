package io.dlion.cli.tune;

import io.dlion.cli.console.Console;
import java.io.IOException;

/** Tunes: what {@code dlion tune} does once it knows what is wanted. */
@FunctionalInterface
interface Tuning {
  /**
   * Tunes.
   *
   * @return the exit code
   * @throws IOException for a failure of the disk
   */
  int run(TuneRequest request, Console console) throws IOException, InterruptedException;
}
