package io.dlion.cli.console;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/**
 * Which DLion this is.
 *
 * @param version of the project
 * @param commit that the launcher built, {@code -dirty} where files had been changed; {@code
 *     unknown} in a build without it
 */
public record Version(String version, String commit) {
  /** The version of the running program. */
  public static Version current() {
    Properties properties = new Properties();
    try (InputStream in = Version.class.getResourceAsStream("/io/dlion/cli/version.properties")) {
      properties.load(Objects.requireNonNull(in, "version.properties"));
    } catch (IOException e) {
      throw new UncheckedIOException("version.properties", e);
    }
    return new Version(
        properties.getProperty("version", "unknown"), properties.getProperty("commit", "unknown"));
  }

  /** Everything that a run's result may depend on, a line each. */
  public List<String> lines() {
    return List.of(
        toString(),
        "Java " + Runtime.version() + ", " + property("os.name") + " " + property("os.arch"));
  }

  private static String property(String name) {
    return System.getProperty(name, "unknown");
  }

  @Override
  public String toString() {
    return "DLion " + version + (commit.equals("unknown") ? "" : " (commit " + commit + ")");
  }

  /** What {@code --version} prints. */
  public static final class Provider implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return current().lines().toArray(String[]::new);
    }
  }
}
