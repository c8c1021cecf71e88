package io.dlion.cli.checkpoint;

import io.dlion.core.UserError;
import io.dlion.core.WorkerId;
import io.dlion.core.family.Nodes;
import io.dlion.core.node.Checkpoint;
import io.dlion.core.settings.Settings;
import io.dlion.core.strategy.Strategy;
import io.dlion.data.tensor.Safetensors;
import io.dlion.engine.ModelSpec;
import io.dlion.monitor.run.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * Where a run goes on.
 *
 * @param checkpoints where each worker starts
 * @param elapsedNanos how long the run has taken so far
 * @param hasServer whether one worker of the run serves, and judges it alone
 * @param samplesBefore samples that the run had learned from when it last began anew with new data;
 *     they are not among those of the checkpoints
 * @param onNewData whether it begins anew with new data now
 */
public record Resumption(
    Map<WorkerId, Checkpoint> checkpoints,
    long elapsedNanos,
    boolean hasServer,
    long samplesBefore,
    boolean onNewData) {
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
        Nodes.realigned(saved, workers, strategy),
        elapsed,
        strategy.server().isPresent(),
        saved.values().stream()
            .mapToLong(c -> c.number(CheckpointFiles.SAMPLES_BEFORE))
            .max()
            .orElse(0),
        false);
  }

  /**
   * All workers begin with the model of a run, and learn on from new data: counters, optimizers,
   * schedules, and the best model so far, which other test data has judged, begin anew.
   *
   * @throws UserError where the run has no model yet
   */
  public static Resumption onNewData(
      RunFolder folder, List<WorkerId> workers, ModelSpec model, Settings settings)
      throws IOException {
    Optional<NewestCheckpoint> newest = NewestCheckpoint.of(folder);
    if (newest.isEmpty() && !Files.exists(folder.model())) {
      throw new UserError(
          folder.path()
              + ": has neither model.safetensors nor a checkpoint that can be used, so there is"
              + " nothing to go on from; begin a new run without --resume");
    }
    Path file = newest.map(NewestCheckpoint::file).orElse(folder.model());
    Safetensors saved = newest.isPresent() ? newest.get().model() : Safetensors.read(file);
    Map<WorkerId, Checkpoint> all = new LinkedHashMap<>();
    for (WorkerId worker : workers) {
      all.put(worker, CheckpointFiles.beginning(worker, saved, file, model));
    }
    return new Resumption(
        all,
        0,
        Strategy.of(settings).server().isPresent(),
        new CheckpointFiles(folder.checkpoints()).samples(workers),
        true);
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
