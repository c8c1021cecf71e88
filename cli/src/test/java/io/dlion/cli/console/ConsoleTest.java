package io.dlion.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ConsoleTest {
  @Test
  void coloursOnlyATerminalThatDoesNotRefuseThem() {
    assertThat(console(true, Map.of("TERM", "xterm")).bold("x")).isEqualTo("\033[1mx\033[0m");
    assertThat(console(true, Map.of("NO_COLOR", "")).colour()).isTrue();
    assertThat(console(true, Map.of("NO_COLOR", "1")).bold("x")).isEqualTo("x");
    assertThat(console(true, Map.of("NO_COLOR", "1")).terminal()).isTrue();
    assertThat(console(true, Map.of("TERM", "dumb")).terminal()).isFalse();
    assertThat(console(false, Map.of("TERM", "xterm")).colour()).isFalse();
  }

  private static Console console(boolean terminal, Map<String, String> environment) {
    return Console.of(System.out, System.err, terminal, environment);
  }
}
