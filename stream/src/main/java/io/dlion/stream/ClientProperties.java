package io.dlion.stream;

import io.dlion.core.UserError;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/** The user's file of settings of a broker's client. */
final class ClientProperties {
  private ClientProperties() {}

  /** Reads a file; nothing where there is none. */
  static Properties read(@Nullable Path file) {
    Properties properties = new Properties();
    if (file != null) {
      try (Reader reader = Files.newBufferedReader(file)) {
        properties.load(reader);
      } catch (IOException | IllegalArgumentException e) {
        throw new UserError(
            file + ": expected a file of client settings, one NAME=VALUE a line; " + e, e);
      }
    }
    return properties;
  }
}
