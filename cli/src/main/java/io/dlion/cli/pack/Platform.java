package io.dlion.cli.pack;

import io.dlion.core.UserError;
import java.util.Locale;

/**
 * What a package runs on, in the words of {@code uname}.
 *
 * @param system such as {@code linux}
 * @param machine such as {@code x86_64}
 */
record Platform(String system, String machine) {
  /** The platform of this Java. */
  static Platform here() {
    String machine = System.getProperty("os.arch", "unknown");
    return new Platform(
        System.getProperty("os.name", "unknown").toLowerCase(Locale.ROOT),
        machine.equals("amd64") ? "x86_64" : machine);
  }

  /**
   * Requires that packages can be made here for a platform.
   *
   * @param wanted as the user wrote it
   */
  void requireMakes(String wanted) {
    if (!wanted.equals(toString())) {
      throw new UserError(
          "--platform "
              + wanted
              + ": a package is made on the platform that it is for, and this is "
              + this
              + "; make it there");
    }
    if (!system.equals("linux")) {
      throw new UserError("a package is for Linux and made there, and this is " + this);
    }
  }

  /** What Debian calls this machine. */
  String debianArchitecture() {
    return switch (machine) {
      case "x86_64" -> "amd64";
      case "aarch64" -> "arm64";
      default -> machine;
    };
  }

  @Override
  public String toString() {
    return system + "-" + machine;
  }
}
