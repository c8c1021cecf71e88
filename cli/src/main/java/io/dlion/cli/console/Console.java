package io.dlion.cli.console;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Where a command writes to, and what may be shown there.
 *
 * @param out results and progress
 * @param err errors, one line each
 * @param terminal whether a person watches {@code out}, so that lines may be redrawn
 * @param colour whether {@code out} may be coloured; never without a terminal
 */
public record Console(PrintStream out, PrintStream err, boolean terminal, boolean colour) {
  private static final String BOLD = "\033[1m";
  private static final String PLAIN = "\033[0m";

  /** The process's own streams; colours unless {@code NO_COLOR} is set or the terminal is dumb. */
  @SuppressWarnings("SystemConsoleNull") // JDK 25 is back to null where there is no terminal
  public static Console system() {
    java.io.Console console = System.console();
    boolean terminal = console != null && console.isTerminal();
    return of(System.out, System.err, terminal, System.getenv());
  }

  static Console of(
      PrintStream out, PrintStream err, boolean terminal, Map<String, String> environment) {
    boolean dumb = "dumb".equals(environment.get("TERM"));
    boolean noColour = !environment.getOrDefault("NO_COLOR", "").isEmpty();
    return new Console(out, err, terminal && !dumb, terminal && !dumb && !noColour);
  }

  /** The text in bold where colours are allowed. */
  public String bold(String text) {
    return colour ? BOLD + text + PLAIN : text;
  }

  /** The same console writing to other streams, neither of which is a terminal. */
  public static Console plain(OutputStream out, OutputStream err) {
    return new Console(stream(out), stream(err), false, false);
  }

  private static PrintStream stream(OutputStream out) {
    return new PrintStream(out, true, StandardCharsets.UTF_8);
  }
}
