package io.dlion.cli;

import io.dlion.cli.console.Console;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** What a command of the whole program said, run inside a test, and how it ended. */
record Told(int exitCode, String out, String err) {
  static Told dlion(String... command) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Console console = Console.plain(out, err);
    int exitCode = Main.run(command, console, Main.commands(console));
    return new Told(
        exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }
}
