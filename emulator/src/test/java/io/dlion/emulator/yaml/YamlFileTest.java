package io.dlion.emulator.yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dlion.core.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class YamlFileTest {
  @Test
  void refusesWhatIsNoYamlFile(@TempDir Path folder) throws IOException {
    Path file = Files.write(folder.resolve("x.yaml"), new byte[] {'a', ':', ' ', (byte) 0xff});
    assertThatThrownBy(() -> YamlFile.read(file))
        .isInstanceOf(UserError.class)
        .hasMessage(file + ": expected YAML in UTF-8, found other bytes");
    assertThatThrownBy(() -> YamlFile.read(folder))
        .hasMessage(folder + ": expected a YAML file, found a folder");
    assertThatThrownBy(() -> YamlFile.read(folder.resolve("y")))
        .hasMessage(folder.resolve("y") + ": no such file");
    Files.write(file, new byte[(int) YamlText.BYTES_MAX + 1]);
    assertThatThrownBy(() -> YamlFile.read(file)).hasMessageContaining("at most 1 MiB");
  }

  @Test
  void saysWhereYamlIsBroken() {
    assertThatThrownBy(() -> YamlFile.parse("x.yaml", "a: 3\n\tb: 1"))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith("x.yaml:2:1: not valid YAML: found character '\\t(TAB)'");
    assertThatThrownBy(() -> YamlFile.parse("x.yaml", "a: 3\nb: a\0b"))
        .isInstanceOf(UserError.class)
        .hasMessage("x.yaml:2: not valid YAML: character U+0000");
    assertThatThrownBy(() -> YamlFile.parse("x.yaml", "a: *nobody"))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith("x.yaml:1:4: not valid YAML: ");
  }

  @Test
  void survivesAnchorsThatContainThemselves() {
    Value root = YamlFile.parse("x.yaml", "a: &a\n  b: *a\n");
    assertThatThrownBy(() -> root.fields("a").get("a").fields("b").get("b").text("a word"))
        .isInstanceOf(UserError.class)
        .hasMessage("x.yaml:1: a.b: expected a word, found keys and values");
  }

  @ParameterizedTest
  @CsvSource({"3", "+3", "3.5", ".5", "1e3", "-7."})
  void readsDecimals(String text) {
    assertThat(value(text).number("a number", n -> true)).isEqualTo(Double.parseDouble(text));
  }

  @ParameterizedTest
  @CsvSource({"0x1p3", "NaN", "1_000", "3d", "~", "''", "[3]"})
  void refusesWhatOnlyProgrammersCallNumbers(String text) {
    assertThatThrownBy(() -> value(text).number("a number", n -> true))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith("x.yaml:1: a: expected a number, found ");
  }

  private static Value value(String text) {
    return YamlFile.parse("x.yaml", "a: " + text).fields("a").get("a");
  }
}
