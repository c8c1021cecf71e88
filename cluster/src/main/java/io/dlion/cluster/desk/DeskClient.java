package io.dlion.cluster.desk;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;

/**
 * The way of somebody outside of the training to the desks of workers. Safe for several threads.
 */
public interface DeskClient extends AutoCloseable {
  /**
   * All processes that can be reached from the seeds, directly or through others.
   *
   * @param wait the longest to look for them
   * @return empty where nobody was found in that time
   */
  List<Contact> contacts(Duration wait) throws InterruptedException;

  /**
   * Asks one of them.
   *
   * @param request at most {@value Request#BYTES_MAX} bytes
   * @return its answer, to be read to the end and closed; closing it from another thread ends
   *     whoever reads
   * @throws IOException if it cannot be reached
   */
  InputStream ask(Contact to, byte[] request) throws IOException;

  @Override
  void close();
}
