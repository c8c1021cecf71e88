package io.dlion.cli.pack;

import io.dlion.core.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The source checkout whose files go into a package beside the program.
 *
 * @param root its folder
 */
record Checkout(Path root) {
  /** What a package has where the checkout has it. */
  private static final List<String> KEPT =
      List.of(
          "LICENSE",
          "README.md",
          "CHANGELOG.md",
          "docs",
          "environments",
          "deploy/systemd",
          "deploy/prometheus",
          "deploy/grafana");

  /** The checkout from which the launcher started this program. */
  static Checkout ofThisProgram() {
    String root = System.getProperty("dlion.root");
    if (root == null) {
      throw new UserError(
          "a package is made in a source checkout, and this DLion is an installed one; run"
              + " ./dlion package in a checkout");
    }
    return new Checkout(Path.of(root));
  }

  /** Copies what is kept, and the launcher. */
  void copyTo(Path tree) throws IOException {
    for (String name : KEPT) {
      Trees.copy(file(name), tree.resolve(name));
    }
    Trees.copy(file("deploy/dlion.sh"), tree.resolve("bin/dlion"));
  }

  /** A file or folder, which must be there. */
  Path file(String name) {
    Path file = root.resolve(name);
    if (!Files.exists(file)) {
      throw new UserError(file + ": not there; a package is made in a complete checkout");
    }
    return file;
  }
}
