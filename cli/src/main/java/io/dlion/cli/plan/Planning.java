package io.dlion.cli.plan;

import io.dlion.cli.console.Console;
import java.io.IOException;

/** Plans: what {@code dlion plan} does once it knows what is wanted. */
@FunctionalInterface
interface Planning {
  /**
   * Plans.
   *
   * @return the exit code
   * @throws IOException for a failure of the disk
   */
  int run(PlanRequest request, Console console) throws IOException, InterruptedException;
}
