package io.dlion.cli.run;

import io.dlion.cli.console.Console;
import io.dlion.cli.job.Job;
import io.dlion.monitor.prometheus.WorkerMetrics;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Trains: what {@code dlion train} does once it knows what is wanted. */
@FunctionalInterface
public interface Training {
  /**
   * Runs a job.
   *
   * @param resumed the run folder whose last checkpoint to go on from; empty for a new run
   * @return the exit code
   * @throws IOException for a failure of the disk
   */
  int run(Job job, Optional<Path> resumed, Console console)
      throws IOException, InterruptedException;

  /** The same, of which these metrics tell. */
  default Training telling(WorkerMetrics metrics) {
    return this;
  }

  /** The same where data was given anew: goals count from now on, in epochs of that data. */
  default Training onNewData() {
    return this;
  }

  /**
   * The same, which tells what goes on with it.
   *
   * @param command the words that go on with the run, given {@code --resume}
   */
  default Training typed(List<String> command) {
    return this;
  }
}
