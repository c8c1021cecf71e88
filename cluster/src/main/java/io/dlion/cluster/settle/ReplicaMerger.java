package io.dlion.cluster.settle;

import io.dlion.core.WorkerId;
import java.lang.foreign.MemorySegment;

/** Makes one model of the workers' replicas at the end of a run. Confined to one thread. */
public interface ReplicaMerger {
  /**
   * Takes a replica into account: only those of the highest precedence make the model.
   *
   * @param precedence as {@link io.dlion.core.node.Rank} says
   * @param weights flat float32, of the run's model; read before this returns
   * @param buffers likewise
   */
  void add(WorkerId worker, long precedence, MemorySegment weights, MemorySegment buffers);

  /**
   * Leaves the model in the replica that this worker, or the first of those in this process, ended
   * with.
   *
   * @return how it was made of those that were added, for people
   */
  String merge();
}
