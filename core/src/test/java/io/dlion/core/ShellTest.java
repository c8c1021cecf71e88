package io.dlion.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShellTest {
  /** The arguments that a shell hands to a command which is pasted into it. */
  private static List<String> pasted(String line) throws IOException {
    Process sh = new ProcessBuilder("sh").start();
    try (OutputStream in = sh.getOutputStream()) {
      String script = "dlion() { printf '%s\\0' \"$@\"; }\n" + line + "\n";
      in.write(script.getBytes(StandardCharsets.UTF_8));
    }
    String said = new String(sh.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(said).as("%s", line).endsWith("\0");
    return List.of(said.substring(0, said.length() - 1).split("\0", -1));
  }

  @Test
  void whatIsPastedIntoAShellComesBack() throws IOException {
    List<String> words = new ArrayList<>(List.of("worker", "--resume", "runs/20260101-000000-x"));
    words.addAll(List.of("[::1]:7800", "a b", "", "it's", "\"$HOME\" `id` \\ $(id)", "~", "*.csv"));
    words.addAll(List.of("Größe", "Gro\u0308ße", "🎉", "a;b&c|d<e>f", "#x", "=ls", "a=b", "!!"));
    words.addAll(List.of("two\nlines", "\ttab", "{a,b}", "--set", "a.b=c", "100%"));
    assertThat(pasted(Shell.dlion(words))).isEqualTo(words);
  }

  @Test
  void plainWordsStayPlain() {
    assertThat(Shell.dlion("train", "--bind", "10.0.0.1:7800", "--set", "a.b=0.5", "runs/x-1"))
        .isEqualTo("dlion train --bind 10.0.0.1:7800 --set a.b=0.5 runs/x-1");
  }
}
