package io.dlion.cli.reproduce;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class ArgumentsTest {
  private static Arguments parse(String text) {
    return Arguments.parse(text).orElseThrow();
  }

  private static String with(String text, String other) {
    return String.join(" ", parse(text).with(parse(other)).words());
  }

  @Test
  void laterOnesReplaceThoseOfTheSameNameAndSetIsAdded() {
    assertThat(with("--a 1 --csv --b 2", "--a 3")).isEqualTo("--csv --b 2 --a 3");
    assertThat(with("--csv --b 2", "--csv --c 4")).isEqualTo("--b 2 --csv --c 4");
    assertThat(with("--set x=1 --b 2", "--set x=2")).isEqualTo("--set x=1 --b 2 --set x=2");
    assertThat(parse("--a 1").with("--a", "two words").words()).containsExactly("--a", "two words");
  }

  @Test
  void onlyFlagsWithAtMostOneValueAreUnderstood() {
    assertThat(parse(" --a\n 1  --csv ").words()).containsExactly("--a", "1", "--csv");
    assertThat(Arguments.parse("a --b")).isEqualTo(Optional.empty());
    assertThat(Arguments.parse("--a 1 2")).isEqualTo(Optional.empty());
    assertThat(Arguments.parse("")).isEqualTo(Optional.empty());
  }
}
