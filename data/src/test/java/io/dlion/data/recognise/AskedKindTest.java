package io.dlion.data.recognise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dlion.core.UserError;
import io.dlion.data.DataOptions;
import io.dlion.data.DataSet;
import io.dlion.data.Reading;
import io.dlion.data.TestSplit;
import io.dlion.data.preprocessing.DataKind;
import io.dlion.data.schema.LabelTask;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An option that data cannot obey is an error that names it; no option is ignored. */
class AskedKindTest {
  private static final DataOptions DEFAULTS = DataOptions.defaults();
  private static final String TABLE = "a,b,label\n" + "1.5,2,cat\n0.5,3,dog\n".repeat(10);
  private static final String PROSE = "well, this, is line\n".repeat(60);

  @TempDir Path folder;

  private DataKind kind(String name, DataOptions options) {
    return DataSets.open(folder.resolve(name).toString(), options).recognised().contents().kind();
  }

  private void write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private void assertError(String location, DataOptions options, String... parts) {
    assertThatThrownBy(() -> DataSets.open(location, options))
        .isInstanceOf(UserError.class)
        .hasMessageContainingAll(parts)
        .hasMessageNotContaining("\n");
  }

  @Test
  void aTableBesideAnotherTextIsATable() throws IOException {
    write("d/data.csv", TABLE);
    write("d/description.txt", PROSE);
    assertThat(kind("d", DEFAULTS.withLabel("label"))).isEqualTo(DataKind.TABLE);
    DataSet set = DataSets.open(folder.resolve("d").toString(), DEFAULTS);
    assertThat(set.description()).contains("left out: description.txt (no table)");
    assertThat(kind("d", DEFAULTS.withSequenceLength(16))).isEqualTo(DataKind.TEXT);
    assertThat(kind("d", Reading.kind(DataKind.TEXT))).isEqualTo(DataKind.TEXT);
  }

  @Test
  void aTextCalledInputIsTheDataUnlessATableIsAskedFor() throws IOException {
    write("d/data.csv", TABLE);
    write("d/input.txt", PROSE);
    assertThat(kind("d", DEFAULTS)).isEqualTo(DataKind.TEXT);
    assertThat(kind("d", Reading.kind(DataKind.TABLE))).isEqualTo(DataKind.TABLE);
    assertThat(kind("d", DEFAULTS.withLabel("a"))).isEqualTo(DataKind.TABLE);
  }

  @Test
  void proseWithCommasIsATextUnlessATableIsAskedFor() throws IOException {
    write("commas.txt", PROSE.replace("line", "line of words") + "the end, is, here 5\n");
    write("lines.txt", "well, this is line 1\nwell, this is line 22\n".repeat(30));
    write("numbers.txt", TABLE + "1.5,2,cat\n".repeat(60));
    assertThat(kind("commas.txt", DEFAULTS)).isEqualTo(DataKind.TEXT);
    assertThat(kind("lines.txt", DEFAULTS)).isEqualTo(DataKind.TEXT);
    assertThat(kind("commas.txt", DEFAULTS.withSequenceLength(16))).isEqualTo(DataKind.TEXT);
    assertThat(kind("numbers.txt", DEFAULTS)).isEqualTo(DataKind.TABLE);
    assertThat(kind("numbers.txt", Reading.kind(DataKind.TEXT))).isEqualTo(DataKind.TEXT);
  }

  @Test
  void aTableIsFoundByWhatItHoldsWhateverItIsCalled() throws IOException {
    write("table.out", TABLE);
    assertError(folder.resolve("table.out").toString(), DEFAULTS, "--kind table");
    assertThat(kind("table.out", Reading.kind(DataKind.TABLE))).isEqualTo(DataKind.TABLE);
    assertThat(kind("table.out", Reading.header(true))).isEqualTo(DataKind.TABLE);
  }

  @Test
  void optionsOfTablesAreRefusedByImages() throws IOException {
    for (String name : List.of("cat", "dog")) {
      Path file = folder.resolve("photos/" + name + "/1.png");
      Files.createDirectories(file.getParent());
      ImageIO.write(new BufferedImage(2, 2, BufferedImage.TYPE_BYTE_GRAY), "png", file.toFile());
      Files.copy(file, file.resolveSibling("2.png"));
    }
    String photos = folder.resolve("photos").toString();
    assertThat(kind("photos", Reading.kind(DataKind.IMAGES))).isEqualTo(DataKind.IMAGES);
    assertError(photos, DEFAULTS.withLabel("x"), photos, "--label x asks for a table");
    assertError(photos, Reading.header(false), "--header no asks for a table");
    assertError(photos, Reading.delimiter('\t'), "--delimiter tab asks for a table");
    assertError(photos, Reading.decimal(','), "--decimal comma asks for a table");
    assertError(photos, Reading.task(LabelTask.REGRESSION), "--task regression asks for a table");
    assertError(photos, DEFAULTS.withSequenceLength(9), "--sequence-length 9 asks for a text");
  }

  @Test
  void optionsOfOtherKindsAreRefusedByTablesAndTexts() throws IOException {
    write("t.csv", TABLE);
    write("t.txt", PROSE);
    String table = folder.resolve("t.csv").toString();
    String text = folder.resolve("t.txt").toString();
    assertError(table, imageSize(), table, "--image-size 8 asks for images");
    assertError(text, imageSize(), text, "--image-size 8 asks for images");
    assertError(table, Reading.kind(DataKind.IMAGES), "--kind images asks for images");
    assertError(text, DEFAULTS.withLabel("q"), "t.txt", "'q'");
  }

  private static DataOptions imageSize() {
    return DEFAULTS.withImageSize(8);
  }

  @Test
  void generatedDataRefusesOptionsOfFiles() {
    assertError("generated:shapes", DEFAULTS.withLabel("y"), "generated:shapes", "--label y");
    assertError("generated:blobs", DEFAULTS.withLabel("y"), "generated:blobs", "--label y");
    assertError("generated:blobs", imageSize(), "generated:blobs", "--image-size 8");
    assertError("generated:text", Reading.kind(DataKind.TABLE), "--kind table", "found a text");
  }

  @Test
  void optionsThatContradictEachOtherAreRefused() {
    assertError(
        "generated:text",
        DEFAULTS.withLabel("y").withSequenceLength(8),
        "--label y asks for a table, --sequence-length 8 for a text");
  }

  @Test
  void aModelOfAnotherKindRefusesThem() throws IOException {
    write("t.txt", PROSE);
    DataSet text = DataSets.open(folder.resolve("t.txt").toString(), DEFAULTS);
    assertThatThrownBy(() ->
            DataSets.openFor(
                folder.resolve("t.txt").toString(), Reading.header(true), text.preprocessing()))
        .isInstanceOf(UserError.class)
        .hasMessageContainingAll("--header yes", "a model that was trained on a text");
  }

  @Test
  void severalTablesOfWhichNoneIsCalledTrainAreRefused() throws IOException {
    write("d/one.csv", TABLE);
    write("d/two.csv", TABLE);
    assertError(folder.resolve("d").toString(), DEFAULTS, "one.csv, two.csv", "train.csv");
    Files.move(folder.resolve("d/two.csv"), folder.resolve("d/test.csv"));
    assertThat(DataSets.open(folder.resolve("d").toString(), DEFAULTS).recognised().testSplit())
        .isEqualTo(TestSplit.OWN);
  }
}
