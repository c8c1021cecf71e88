package io.dlion.cli.run;

import io.dlion.core.UserError;
import io.dlion.core.WorkerId;
import io.dlion.core.node.Checkpoint;
import io.dlion.engine.ModelSpec;
import java.io.IOException;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Where a run goes on. Workers save at the same counts of samples, but a run may be killed between
 * the first and the last of them: those that are behind take over weights, optimizer and counters
 * of the one furthest ahead, and keep their own place in their data; one that has none yet begins
 * its data there.
 *
 * @param checkpoints where each worker starts
 * @param elapsedNanos how long the run has taken so far
 */
record Resumption(Map<WorkerId, Checkpoint> checkpoints, long elapsedNanos) {
  /** Reads the checkpoints of all workers of a run. */
  static Resumption read(
      CheckpointFiles files, List<WorkerId> workers, ModelSpec model, boolean alike)
      throws IOException {
    Map<WorkerId, Checkpoint> own = new LinkedHashMap<>();
    for (WorkerId worker : workers) {
      if (files.has(worker)) {
        own.put(worker, files.load(worker, model.parameters(), model.bufferLayout()));
      }
    }
    Checkpoint furthest =
        own.values().stream()
            .max(Comparator.comparingLong(Checkpoint::iteration))
            .orElseThrow(() ->
                new UserError(
                    files.folder()
                        + ": no checkpoints: the run ended before its first one; run its job.yaml"
                        + " anew, with a smaller checkpoint.every if you like"));
    Map<WorkerId, Checkpoint> aligned = new LinkedHashMap<>();
    for (WorkerId worker : workers) {
      Checkpoint c = own.get(worker);
      if (c == null) {
        aligned.put(worker, ahead(worker, Map.of(), furthest));
      } else {
        aligned.put(worker, behind(c, furthest, alike) ? ahead(worker, c.state(), furthest) : c);
      }
    }
    long elapsed = own.values().stream().mapToLong(c -> number(c, "nanos")).max().orElse(0);
    return new Resumption(aligned, elapsed);
  }

  /** Samples that all workers have processed so far. */
  long samples() {
    return checkpoints.values().stream().mapToLong(c -> number(c, "samples")).sum();
  }

  /** Where replicas are alike, any iteration behind is too far; else a checkpoint behind is. */
  private static boolean behind(Checkpoint c, Checkpoint furthest, boolean alike) {
    return alike
        ? c.iteration() < furthest.iteration()
        : number(c, "checkpoints") < number(furthest, "checkpoints");
  }

  private static Checkpoint ahead(WorkerId worker, Map<String, String> own, Checkpoint furthest) {
    Map<String, String> state = new TreeMap<>(own);
    for (String key :
        List.of("iteration", "evaluations", "checkpoints", "batching.global", "batching.points")) {
      String value = furthest.state().get(key);
      if (value != null) {
        state.put(key, value);
      }
    }
    return new Checkpoint(
        worker,
        state,
        furthest.layout(),
        furthest.weights(),
        furthest.memories(),
        furthest.bufferLayout(),
        furthest.buffers());
  }

  private static long number(Checkpoint c, String key) {
    return Long.parseLong(c.state().getOrDefault(key, "0"));
  }
}
