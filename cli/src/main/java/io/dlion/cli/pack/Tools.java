package io.dlion.cli.pack;

import io.dlion.core.UserError;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.spi.ToolProvider;

/** Other programs that do a part of the work: those of the system, and those of the JDK. */
final class Tools {
  private Tools() {}

  /**
   * Runs a program of the system.
   *
   * @throws UserError if it is not there
   * @throws IOException if it fails; the message has its last line
   */
  static void run(String... command) throws IOException, InterruptedException {
    Process process;
    try {
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException e) {
      throw new UserError("needs " + command[0] + " and found none: install it", e);
    }
    try {
      process.getOutputStream().close();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int code = process.waitFor();
      if (code != 0) {
        throw new IOException(command[0] + " failed with exit code " + code + ": " + last(said));
      }
    } finally {
      process.destroy();
    }
  }

  /**
   * Runs a tool of the JDK that runs this program.
   *
   * @return what it printed
   * @throws UserError if this Java has no such tool, or the tool fails
   */
  static String jdk(String name, List<String> arguments) {
    String java = "the Java in " + System.getProperty("java.home");
    ToolProvider tool =
        ToolProvider.findFirst(name)
            .orElseThrow(() ->
                new UserError(
                    "needs "
                        + name
                        + ", which "
                        + java
                        + " does not have: set DLION_JAVA_HOME to a whole JDK 25"));
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code =
        tool.run(new PrintWriter(out), new PrintWriter(err), arguments.toArray(String[]::new));
    if (code != 0) {
      throw new UserError(
          name
              + " of "
              + java
              + " failed: "
              + last(out + "\n" + err)
              + "; another JDK may do (DLION_JAVA_HOME)");
    }
    return out.toString();
  }

  private static String last(String said) {
    return said.strip().lines().reduce((before, line) -> line).orElse("it said nothing");
  }
}
