package io.dlion.cli.pack;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A Java that has the modules the program needs, and no others.
 *
 * <p>{@code jdeps} finds the modules in the jars; nothing in the program names one by reflection
 * alone, and the test that runs the commands of a package would see it. {@code jlink} takes them
 * from the JDK's jmods or, where it has none, from its run-time image. The archive of classes for
 * faster starts (CDS) is made by the new Java itself, with the garbage collector of the launcher.
 */
final class JavaRuntime {
  private JavaRuntime() {}

  /**
   * Makes one.
   *
   * @param folder is made
   * @param jars of the program
   */
  static void link(Path folder, List<Path> jars) throws IOException, InterruptedException {
    Tools.jdk(
        "jlink",
        List.of(
            "--add-modules",
            modules(jars),
            "--strip-java-debug-attributes",
            "--no-header-files",
            "--no-man-pages",
            "--output",
            folder.toString()));
    Tools.run(folder.resolve("bin/java").toString(), "-XX:+UseSerialGC", "-Xshare:dump");
  }

  private static String modules(List<Path> jars) {
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of("--print-module-deps", "--ignore-missing-deps"));
    arguments.addAll(List.of("--multi-release", Integer.toString(Runtime.version().feature())));
    jars.forEach(jar -> arguments.add(jar.toString()));
    return Tools.jdk("jdeps", arguments).strip();
  }
}
