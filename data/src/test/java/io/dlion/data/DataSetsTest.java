package io.dlion.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dlion.core.UserError;
import io.dlion.data.recognise.DataSets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataSetsTest {
  @TempDir Path folder;

  @Test
  void aFolderWithNothingRecognisedSaysWhatWasLookedFor() throws IOException {
    Files.writeString(folder.resolve("notes.xyz"), "hello");
    assertError(folder.toString(), "IDX", "CIFAR-10", "image folder", "train.csv", "input.txt");
  }

  @Test
  void aMissingPlaceSaysSo() {
    assertError(folder.resolve("nowhere").toString(), "no such file or folder", "generated:shapes");
  }

  @Test
  void aFileOfAnotherKindSaysWhatIsExpected() throws IOException {
    assertError(Files.writeString(folder.resolve("a.xyz"), "hello").toString(), ".csv", "found");
  }

  @Test
  void anUnknownGeneratedNameGetsTheNearest() {
    assertError("generated:shape", "there are shapes, shapes-rgb", "did you mean 'shapes'?");
  }

  @Test
  void proseWithACommaInMostLinesIsNoTable() throws IOException {
    String prose =
        """
        The lion, it is said, sleeps by day.
        At night it hunts, and the plain is still.
        Nobody speaks of it.
        In the village, far away, a lamp is lit, and somebody waits.
        """;
    Path file = Files.writeString(folder.resolve("a.txt"), prose.repeat(20));
    assertThat(DataSets.open(file.toString(), DataOptions.defaults()).description())
        .contains("sequences");
  }

  private static void assertError(String location, String... parts) {
    assertThatThrownBy(() -> DataSets.open(location, DataOptions.defaults()))
        .isInstanceOf(UserError.class)
        .hasMessageContaining(location)
        .hasMessageContainingAll(parts)
        .hasMessageNotContaining("\n");
  }
}
