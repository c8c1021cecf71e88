package io.dlion.cluster;

import io.dlion.core.wire.Control.Reason;
import java.util.List;

/** The workers of a run that live in this process. */
public interface Fleet extends AutoCloseable {
  /** Asks them to stop at the next opportunity. */
  void requestStop(Reason reason);

  /** Waits until they have ended. */
  List<Outcome> await() throws InterruptedException;

  /**
   * Makes one model of the replicas of all workers that came to an orderly end, wherever they are;
   * to be called once they have ended. Where the run is not over for all of them, it is that of the
   * workers in this process.
   */
  Agreement agree(ReplicaMerger merger) throws InterruptedException;

  /** Ends all threads and frees all replicas. */
  @Override
  void close();
}
