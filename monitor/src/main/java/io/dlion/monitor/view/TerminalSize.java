package io.dlion.monitor.view;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A terminal's size.
 *
 * @param columns characters in a line
 * @param rows lines
 */
record TerminalSize(int columns, int rows) {
  private static final TerminalSize USUAL = new TerminalSize(100, 24);
  private static final int COLUMNS_MIN = 20;
  private static final int COLUMNS_MAX = 500;
  private static final int ANSWER_SECONDS_MAX = 1;

  /** What {@code COLUMNS} says, else what the terminal says, else a usual size. */
  static TerminalSize of(Map<String, String> environment) {
    TerminalSize asked = ask();
    String columns = environment.getOrDefault("COLUMNS", "");
    return columns.matches("[0-9]{1,5}")
        ? new TerminalSize(bounded(Integer.parseInt(columns)), asked.rows)
        : asked;
  }

  private static TerminalSize ask() {
    File terminal = new File("/dev/tty");
    if (!terminal.exists()) {
      return USUAL;
    }
    try {
      Process stty =
          new ProcessBuilder("stty", "size")
              .redirectInput(terminal)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (!stty.waitFor(ANSWER_SECONDS_MAX, TimeUnit.SECONDS)) {
        stty.destroyForcibly();
        return USUAL;
      }
      return parse(new String(stty.getInputStream().readNBytes(64), StandardCharsets.US_ASCII));
    } catch (IOException e) {
      return USUAL;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return USUAL;
    }
  }

  /** Reads "ROWS COLUMNS"; terminals that do not know say 0. */
  static TerminalSize parse(String answer) {
    String[] numbers = answer.strip().split(" ", -1);
    if (numbers.length != 2 || !answer.strip().matches("[0-9]{1,5} [0-9]{1,5}")) {
      return USUAL;
    }
    int rows = Integer.parseInt(numbers[0]);
    int columns = Integer.parseInt(numbers[1]);
    return rows == 0 || columns == 0 ? USUAL : new TerminalSize(bounded(columns), rows);
  }

  private static int bounded(int columns) {
    return Math.clamp(columns, COLUMNS_MIN, COLUMNS_MAX);
  }
}
