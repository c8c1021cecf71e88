package io.dlion.cli.pack;

import io.dlion.core.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes packages of the program. Its tree:
 *
 * <pre>
 *   bin/dlion       the launcher, deploy/dlion.sh of the checkout
 *   lib/app/        jars
 *   lib/java/       a Java runtime
 *   lib/platform    what it runs on, for the launcher to compare
 *   docs/ …         what people read and use beside the program
 * </pre>
 *
 * <p>All work is done in a hidden folder inside the one that gets the packages, which appear there
 * when they are complete.
 *
 * @param version of the program
 */
record Packaging(String version, Platform platform, Checkout checkout, ProgramJars jars) {
  /** Readable for everybody, writable for the owner, whatever the maker's umask. */
  static final String MODES = "u+rwX,go+rX,go-w";

  /**
   * Makes the archive, and on demand the package of Debian.
   *
   * @param output folder to put them in; it is made
   */
  List<Made> make(Path output, boolean deb) throws IOException, InterruptedException {
    if (Files.exists(output) && !Files.isDirectory(output)) {
      throw new UserError("--output " + output + ": expected a folder, found a file");
    }
    Files.createDirectories(output);
    Path staging = Files.createTempDirectory(output, ".dlion-package-");
    try {
      String name = "dlion-" + version + "-" + platform;
      Path tree = tree(staging.resolve(name));
      List<Path> made = new ArrayList<>();
      made.add(archive(tree, staging.resolve(name + ".tar.gz")));
      if (deb) {
        DebianPackage debian = new DebianPackage(version, platform);
        Path file = staging.resolve(debian.fileName());
        debian.make(tree, checkout, Files.createDirectory(staging.resolve("debian")), file);
        made.add(file);
      }
      return published(made, output);
    } finally {
      Trees.delete(staging);
    }
  }

  private Path tree(Path tree) throws IOException, InterruptedException {
    Files.createDirectory(tree);
    checkout.copyTo(tree);
    List<Path> copies = jars.copyTo(Files.createDirectories(tree.resolve("lib/app")));
    JavaRuntime.link(tree.resolve("lib/java"), copies);
    Files.writeString(tree.resolve("lib/platform"), platform + "\n");
    Tools.run("chmod", "--recursive", MODES, tree.toString());
    return tree;
  }

  private static Path archive(Path tree, Path file) throws IOException, InterruptedException {
    Path parent = tree.toAbsolutePath().getParent();
    Tools.run(
        "tar",
        "--create",
        "--gzip",
        "--sort=name",
        "--owner=root:0",
        "--group=root:0",
        "--file=" + file,
        "--directory=" + parent,
        tree.getFileName().toString());
    return file;
  }

  private static List<Made> published(List<Path> files, Path output) throws IOException {
    List<Made> made = new ArrayList<>();
    for (Path file : files) {
      Path target = output.resolve(file.getFileName()).normalize();
      made.add(Made.of(Files.move(file, target, StandardCopyOption.REPLACE_EXISTING)));
    }
    return made;
  }
}
