package io.dlion.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs small programs in Python with its torch, where that is installed. */
final class Python {
  private static final String INTERPRETER = "/usr/bin/python3";

  private Python() {}

  /** Skips the test where there is no torch. */
  static void assume() throws IOException, InterruptedException {
    boolean works =
        Files.isExecutable(Path.of(INTERPRETER))
            && run(List.of("-c", "import torch"), ProcessBuilder.Redirect.DISCARD) == 0;
    assumeTrue(works, INTERPRETER + " -c 'import torch' fails: install python3-torch to run this");
  }

  /** Runs a program in a folder and expects it to succeed. */
  static void program(Path folder, String source, String... arguments)
      throws IOException, InterruptedException {
    Path program = folder.resolve("program.py");
    Files.writeString(program, source);
    List<String> command = new ArrayList<>(List.of(program.toString()));
    command.addAll(List.of(arguments));
    Path output = folder.resolve("output.txt");
    assertThat(run(command, ProcessBuilder.Redirect.to(output.toFile())))
        .as(() -> read(output))
        .isZero();
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return e.toString();
    }
  }

  private static int run(List<String> arguments, ProcessBuilder.Redirect output)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(INTERPRETER));
    command.addAll(arguments);
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(output)
        .start()
        .waitFor();
  }
}
