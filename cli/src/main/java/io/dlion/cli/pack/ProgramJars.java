package io.dlion.cli.pack;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The jars of the program.
 *
 * @param entries of a class path: jars, and folders of classes
 */
record ProgramJars(List<Path> entries) {
  /** Those of the program that runs. */
  static ProgramJars ofThisProgram() {
    String path = System.getProperty("java.class.path", "");
    return new ProgramJars(
        Stream.of(path.split(File.pathSeparator, -1))
            .filter(entry -> !entry.isEmpty())
            .map(Path::of)
            .toList());
  }

  /**
   * Copies them; a folder of classes becomes a jar.
   *
   * @return the copies
   */
  List<Path> copyTo(Path folder) throws IOException {
    for (int i = 0; i < entries.size(); i++) {
      Path entry = entries.get(i);
      if (Files.isDirectory(entry)) {
        String jar = folder.resolve("dlion-classes-" + i + ".jar").toString();
        Tools.jdk("jar", List.of("--create", "--file", jar, "-C", entry.toString(), "."));
      } else {
        Trees.copy(entry, folder.resolve(entry.getFileName()));
      }
    }
    try (Stream<Path> jars = Files.list(folder)) {
      return jars.sorted().toList();
    }
  }
}
