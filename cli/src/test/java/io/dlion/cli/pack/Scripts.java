package io.dlion.cli.pack;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Shell scripts, run as a user would. */
final class Scripts {
  private Scripts() {}

  /** What a script printed, errors too, and its exit code. */
  record Outcome(int code, String said) {}

  /**
   * Runs one.
   *
   * @param command that runs it, such as {@code sh -c}; the script becomes its last argument
   * @param environment all of it
   */
  static Outcome outcome(
      List<String> command, String script, Path folder, Map<String, String> environment)
      throws IOException, InterruptedException {
    List<String> line = new ArrayList<>(command);
    line.add(script);
    ProcessBuilder builder = new ProcessBuilder(line).directory(folder.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    Process process = builder.redirectErrorStream(true).start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Outcome(process.waitFor(), said);
  }
}
