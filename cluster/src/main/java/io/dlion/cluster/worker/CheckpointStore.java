package io.dlion.cluster.worker;

import io.dlion.core.node.Checkpoint;
import java.io.IOException;

/** Keeps checkpoints so that the last whole one survives whatever happens. */
@FunctionalInterface
public interface CheckpointStore {
  /**
   * Saves a checkpoint; its segments are read before this returns. Called on the worker's own
   * thread.
   */
  void save(Checkpoint checkpoint) throws IOException;
}
