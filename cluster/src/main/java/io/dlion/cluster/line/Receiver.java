package io.dlion.cluster.line;

import io.dlion.core.WorkerId;
import java.io.DataInputStream;
import java.util.Optional;

/** Whom the messages of one channel are for. Called on the threads of lines. */
public interface Receiver {
  /**
   * A message has come.
   *
   * @param speaker the name in the sender's certificate; empty without encryption
   * @param in exactly {@code length} bytes are to be read
   */
  void received(Station from, Optional<WorkerId> speaker, DataInputStream in, int length)
      throws Exception;

  /** A station cannot be reached any more, by any way. */
  void unreachable(Station station);
}
