package io.dlion.data.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dlion.core.UserError;
import io.dlion.data.Copies;
import io.dlion.data.DataOptions;
import io.dlion.data.DataSet;
import io.dlion.data.recognise.DataSets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextFileTest {
  private static final DataOptions FOUR = DataOptions.defaults().withSequenceLength(4);

  @TempDir Path folder;

  @Test
  void targetsAreTheSymbolsThatFollow() throws IOException {
    Files.writeString(folder.resolve("input.txt"), "abcde😀".repeat(10));
    DataSet set = DataSets.open(folder.toString(), FOUR);
    assertThat(set.classNames()).containsExactly("a", "b", "c", "d", "e", "😀");
    assertThat(set.train().shape().outputs()).isEqualTo(6);
    assertThat(set.train().count()).as("54 symbols, one is only a target").isEqualTo(13);
    assertThat(set.test().count()).as("6 symbols").isEqualTo(1);
    assertThat(Copies.symbols(set.train(), 1)).containsExactly(4, 5, 0, 1);
    assertThat(Copies.targets(set.train(), 1)).containsExactly(5, 0, 1, 2);
    assertThat(set.train().label(0)).isEqualTo(-1);
    assertThat(set.description()).contains("the last 10 % are the test set");
  }

  @Test
  void aTextThatIsTooShortIsAnError() throws IOException {
    Path file = Files.writeString(folder.resolve("a.txt"), "to be or not to be");
    assertError(file, "more than 40 characters", "found 18");
  }

  @Test
  void bytesThatAreNoTextAreNamedWithTheirOffset() throws IOException {
    Path file = folder.resolve("a.txt");
    Files.write(file, new byte[] {'a', 'b', 'c', (byte) 0xff, 'd'});
    assertError(file, "UTF-8", "offset 3");
  }

  @Test
  void tooManyDifferentCharactersAreAnError() throws IOException {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 1025; i++) {
      text.appendCodePoint(0x4e00 + i);
    }
    assertError(Files.writeString(folder.resolve("a.txt"), text), "at most 1,024", "found 1,025");
  }

  private static void assertError(Path file, String... parts) {
    assertThatThrownBy(() -> DataSets.open(file.toString(), FOUR))
        .isInstanceOf(UserError.class)
        .hasMessageContaining(file.toString())
        .hasMessageContainingAll(parts);
  }
}
