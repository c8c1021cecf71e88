package io.dlion.cluster;

import io.dlion.core.wire.Control.Reason;
import java.util.List;

/** The workers of a run that live in this process. */
public interface Fleet extends AutoCloseable {
  /** Asks them to stop at the next opportunity. */
  void requestStop(Reason reason);

  /** Waits until they have ended. */
  List<Outcome> await() throws InterruptedException;

  /** Ends all threads and frees all replicas. */
  @Override
  void close();
}
