package io.dlion.cluster.transport;

import java.util.logging.Level;
import java.util.logging.Logger;

/** JGroups tells everything it does; what matters of it is reported by the node. */
public final class LibraryLog {
  /** Held, or its level would be forgotten. */
  private static final Logger LOG = Logger.getLogger("org.jgroups");

  private LibraryLog() {}

  /** Leaves out what is no failure. */
  public static void quiet() {
    LOG.setLevel(Level.SEVERE);
  }
}
