package io.dlion.cli.pack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A tree of the program as a package of Debian: in {@code /opt/dlion}, with {@code /usr/bin/dlion},
 * the unit of systemd and an empty {@code /etc/dlion}. What happens while it is installed and
 * removed stands in {@code deploy/debian}.
 *
 * @param version of the program
 * @param platform that it is for
 */
record DebianPackage(String version, Platform platform) {
  private static final long KILOBYTE = 1024;

  /** Such as {@code dlion_0.1.0_amd64.deb}. */
  String fileName() {
    return "dlion_" + debianVersion() + "_" + platform.debianArchitecture() + ".deb";
  }

  /** A tilde sorts before the end: 0.1.0~SNAPSHOT is older than 0.1.0. */
  private String debianVersion() {
    return version.replace('-', '~');
  }

  /**
   * Makes it. Needs {@code dpkg-deb}, but not to be root.
   *
   * @param tree of the program; it is moved away
   * @param staging an empty folder to work in
   * @param file to write
   */
  void make(Path tree, Checkout checkout, Path staging, Path file)
      throws IOException, InterruptedException {
    Path control = Files.createDirectory(staging.resolve("DEBIAN"));
    Files.writeString(
        control.resolve("control"),
        Files.readString(checkout.file("deploy/debian/control"))
            .replace("@VERSION@", debianVersion())
            .replace("@ARCHITECTURE@", platform.debianArchitecture())
            .replace("@KILOBYTES@", Long.toString(Trees.bytes(tree) / KILOBYTE)));
    for (String script : List.of("postinst", "prerm", "postrm")) {
      Trees.copy(checkout.file("deploy/debian/" + script), control.resolve(script));
    }
    for (String unit : List.of("dlion-worker@.service", "dlion-relay.service")) {
      Trees.copy(
          checkout.file("deploy/systemd/" + unit),
          staging.resolve("usr/lib/systemd/system/" + unit));
    }
    Trees.copy(checkout.file("LICENSE"), staging.resolve("usr/share/doc/dlion/copyright"));
    Files.createDirectories(staging.resolve("etc/dlion"));
    Files.createDirectories(staging.resolve("opt"));
    Files.move(tree, staging.resolve("opt/dlion"));
    Path command = Files.createDirectories(staging.resolve("usr/bin")).resolve("dlion");
    Files.createSymbolicLink(command, Path.of("/opt/dlion/bin/dlion"));
    Tools.run("chmod", "--recursive", Packaging.MODES, staging.toString());
    // Almost all of it is compressed already.
    Tools.run(
        "dpkg-deb", "--root-owner-group", "-Zgzip", "--build", staging.toString(), file.toString());
  }
}
