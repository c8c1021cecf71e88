package io.dlion.stream;

import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/** The clients of brokers log what they do; what matters of it is noticed by the sources. */
final class LibraryLogs {
  /** Held, or their levels would be forgotten. */
  private static final List<Logger> LOGS =
      List.of(Logger.getLogger("org.apache.kafka"), Logger.getLogger("org.eclipse.paho"));

  private LibraryLogs() {}

  static void quiet() {
    LOGS.forEach(log -> log.setLevel(Level.OFF));
  }
}
