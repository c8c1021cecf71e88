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

/**
 * Where a run goes on.
 *
 * @param checkpoints where each worker starts
 * @param elapsedNanos how long the run has taken so far
 */
public record Resumption(Map<WorkerId, Checkpoint> checkpoints, long elapsedNanos) {
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
    return new Resumption(Nodes.realigned(saved, workers, Strategy.of(settings)), elapsed);
  }

  /** Evaluations in a row that were no better than the best, of the worker with the fewest. */
  public long evaluationsWithoutBetter() {
    return checkpoints.values().stream()
        .mapToLong(c -> c.number(Checkpoint.WITHOUT_BETTER))
        .min()
        .orElse(0);
  }

  /** Samples that all workers have processed so far. */
  public long samples() {
    return checkpoints.values().stream().mapToLong(c -> c.number("samples")).sum();
  }
}
