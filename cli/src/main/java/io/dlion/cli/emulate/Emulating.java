package io.dlion.cli.emulate;

import io.dlion.cli.console.Console;
import java.io.IOException;

/** Emulates: what {@code dlion emulate} does once it knows what is wanted. */
@FunctionalInterface
interface Emulating {
  /**
   * Compares.
   *
   * @return the exit code
   * @throws IOException for a failure of the disk
   */
  int run(EmulationRequest request, Console console) throws IOException, InterruptedException;
}
