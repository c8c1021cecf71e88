package io.dlion.data.csv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class CsvLineTest {
  @Test
  void fieldsAreThoseOfARowInAFile() {
    assertThat(CsvLine.fields("a, b ,,c,\r\n", ',')).containsExactly("a", "b", "", "c", "");
    assertThat(CsvLine.fields("\ta\t\n", '\t')).containsExactly("", "a", "");
    assertThat(CsvLine.fields("  1   2\t3 ", ' ')).containsExactly("1", "2", "3");
    assertThat(CsvLine.fields("\"a,b\", c ,\"say \"\"yes\"\"\"", ','))
        .containsExactly("a,b", "c", "say \"yes\"");
    assertThat(CsvLine.fields("o\u0308,x", ',')).containsExactly("\u00f6", "x");
  }

  @Test
  void whatIsNotOneRowIsAnError() {
    assertThatThrownBy(() -> CsvLine.fields("1,2\n3,4", ',')).hasMessageContaining("several");
    assertThatThrownBy(() -> CsvLine.fields("\"1\",2\n3,4", ',')).hasMessageContaining("several");
    assertThatThrownBy(() -> CsvLine.fields("\"1,2", ',')).hasMessageContaining("quote");
  }
}
