package io.dlion.cluster.line;

import io.dlion.core.WorkerId;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;

/** Answers what somebody asks of this process from outside of the training. */
@FunctionalInterface
public interface Desk {
  /**
   * Answers a request; called on a thread of its own, may take long.
   *
   * @param caller the name in the certificate of whoever asks; empty without encryption
   * @param request at most 256 kB
   * @param out takes the answer; is closed by the caller of this method
   */
  void answer(Optional<WorkerId> caller, byte[] request, OutputStream out) throws IOException;
}
