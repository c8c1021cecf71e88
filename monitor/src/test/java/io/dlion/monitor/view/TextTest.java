package io.dlion.monitor.view;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class TextTest {
  @Test
  void durations() {
    assertThat(Text.duration(-1)).isEqualTo("0:00");
    assertThat(Text.duration(59_999_999_999L)).isEqualTo("0:59");
    assertThat(Text.duration(725_000_000_000L)).isEqualTo("12:05");
    assertThat(Text.duration(3_729_000_000_000L)).isEqualTo("1:02:09");
  }

  @Test
  void sizesHaveThreeDigits() {
    assertThat(Text.bytes(0)).isEqualTo("0 B");
    assertThat(Text.bytes(999)).isEqualTo("999 B");
    assertThat(Text.bytes(999.6)).isEqualTo("1.00 kB");
    assertThat(Text.bytes(9_994)).isEqualTo("9.99 kB");
    assertThat(Text.bytes(9_999)).isEqualTo("10.0 kB");
    assertThat(Text.bytes(999_600)).isEqualTo("1.00 MB");
    assertThat(Text.bytes(84_200_000)).isEqualTo("84.2 MB");
    assertThat(Text.bytes(2e18)).isEqualTo("2000 PB");
  }

  @Test
  void losses() {
    assertThat(Text.loss(Double.NaN, 0)).isEqualTo("-");
    assertThat(Text.loss(Double.NaN, 1)).isEqualTo("NaN");
    assertThat(Text.loss(0.5, 1)).isEqualTo("0.5000");
    assertThat(Text.loss(123_456, 1)).isEqualTo("1.23e+05");
    assertThat(Text.loss(Double.POSITIVE_INFINITY, 1)).isEqualTo("Infinity");
  }

  @Test
  void terminalSizes() {
    assertThat(TerminalSize.parse("40 132\n")).isEqualTo(new TerminalSize(132, 40));
    TerminalSize usual = new TerminalSize(100, 24);
    assertThat(TerminalSize.parse("0 0")).isEqualTo(usual);
    assertThat(TerminalSize.parse("")).isEqualTo(usual);
    assertThat(TerminalSize.parse("stty: not a terminal")).isEqualTo(usual);
    assertThat(TerminalSize.parse("5 3")).isEqualTo(new TerminalSize(20, 5));
  }
}
