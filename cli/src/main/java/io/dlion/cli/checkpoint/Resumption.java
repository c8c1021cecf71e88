package io.dlion.cli.checkpoint;

import io.dlion.core.UserError;
import io.dlion.core.WorkerId;
import io.dlion.core.family.Nodes;
import io.dlion.core.node.Checkpoint;
import io.dlion.core.settings.Settings;
import io.dlion.core.strategy.Strategy;
import io.dlion.engine.ModelSpec;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/**
 * Where a run goes on.
 *
 * @param checkpoints where each worker starts
 * @param elapsedNanos how long the run has taken so far
 * @param hasServer whether one worker of the run serves, and judges it alone
 */
public record Resumption(
    Map<WorkerId, Checkpoint> checkpoints, long elapsedNanos, boolean hasServer) {
  /** Reads the checkpoints of all workers of a run. */
  public static Resumption read(
      CheckpointFiles files, List<WorkerId> workers, ModelSpec model, Settings settings)
      throws IOException {
    Map<WorkerId, Checkpoint> saved = new LinkedHashMap<>();
    for (WorkerId worker : workers) {
      if (files.has(worker)) {
        saved.put(worker, files.load(worker, model.parameters(), model.bufferLayout()));
      }
    }
    if (saved.isEmpty()) {
      throw new UserError(
          files.folder()
              + ": no checkpoints: the run ended before its first one; run its job.yaml"
              + " anew, with a smaller checkpoint.every if you like");
    }
    long elapsed = saved.values().stream().mapToLong(c -> c.number("nanos")).max().orElse(0);
    Strategy strategy = Strategy.of(settings);
    return new Resumption(
        Nodes.realigned(saved, workers, strategy), elapsed, strategy.server().isPresent());
  }

  /**
   * Evaluations in a row that were no better than the best, of the worker with the fewest; with a
   * server its own, the others make none.
   */
  public long evaluationsWithoutBetter() {
    LongStream all =
        checkpoints.values().stream().mapToLong(c -> c.number(Checkpoint.WITHOUT_BETTER));
    return (hasServer ? all.max() : all.min()).orElse(0);
  }

  /** Samples that all workers have processed so far. */
  public long samples() {
    return checkpoints.values().stream().mapToLong(c -> c.number("samples")).sum();
  }
}
