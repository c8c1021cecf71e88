package io.dlion.cluster.worker;

import io.dlion.cluster.settle.Agreement;
import io.dlion.cluster.settle.ReplicaMerger;
import io.dlion.core.WorkerId;
import io.dlion.core.wire.Control.Reason;
import java.util.List;
import java.util.Map;

/** The workers of a run that live in this process. */
public interface Fleet extends AutoCloseable {
  /** Asks them to stop at the next opportunity. */
  void requestStop(Reason reason);

  /** Waits until they have ended. */
  List<WorkerOutcome> await() throws InterruptedException;

  /**
   * Makes one model of the replicas of all workers that came to an orderly end, wherever they are;
   * to be called once they have ended. Where the run is not over for all of them, it is that of the
   * workers in this process.
   */
  Agreement agree(ReplicaMerger merger) throws InterruptedException;

  /**
   * For each of them the peers that it sees at the moment, with the round trip to each in
   * nanoseconds; 0 where that is not known.
   */
  Map<WorkerId, Map<WorkerId, Double>> peers();

  /** Ends all threads and frees all replicas. */
  @Override
  void close();
}
