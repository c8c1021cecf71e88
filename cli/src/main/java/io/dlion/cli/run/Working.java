package io.dlion.cli.run;

import io.dlion.cli.console.Console;
import io.dlion.cli.job.Job;
import java.io.IOException;

/** Works: what {@code dlion worker} does once it knows what is wanted. */
@FunctionalInterface
public interface Working {
  /** Returns the exit code. */
  int run(Job job, WorkerPlace place, Console console) throws IOException, InterruptedException;
}
