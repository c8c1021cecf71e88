package io.dlion.cluster.desk;

import io.dlion.cluster.security.Caller;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;

/**
 * Answers what somebody outside of the training asks of this process. Called on a thread of the
 * connection's own, for several at a time.
 */
@FunctionalInterface
public interface Desk {
  /**
   * Answers a request; may take long, and much.
   *
   * @param caller whose certificate is at the other end; empty without encryption
   * @param request the whole of it, at most {@value Request#BYTES_MAX} bytes, from anybody
   * @param out takes the answer, and ends with it; not closed here
   * @throws IOException if the other end is gone
   */
  void answer(Optional<Caller> caller, byte[] request, OutputStream out) throws IOException;
}
