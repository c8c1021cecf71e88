package io.dlion.cluster.transport;

import java.util.logging.Level;
import java.util.logging.Logger;

/** JGroups tells everything it does; what matters of it is reported by the node. */
public final class LibraryLog {
  /** Held, or its level would be forgotten. */
  private static final Logger LOG = Logger.getLogger("org.jgroups");

  /** A line that breaks within a message is no failure; JGroups names it after our class. */
  private static final Logger LINES_LOG = Logger.getLogger(LineTransport.class.getName());

  private LibraryLog() {}

  /** Leaves out what is no failure. */
  public static void quiet() {
    LOG.setLevel(Level.SEVERE);
    LINES_LOG.setLevel(Level.OFF);
  }
}
