package io.dlion.data.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.dlion.core.UserError;
import io.dlion.core.learn.ExampleShape;
import io.dlion.core.learn.ExampleShape.Kind;
import io.dlion.data.Copies;
import io.dlion.data.DataOptions;
import io.dlion.data.DataSet;
import io.dlion.data.preprocessing.CommonPreprocessing;
import io.dlion.data.preprocessing.Preprocessing;
import io.dlion.data.preprocessing.PreprocessingDifference;
import io.dlion.data.preprocessing.TablePreprocessing;
import io.dlion.data.recognise.DataSets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables whose examples are several rows: windows, and sequences that a column tells apart. */
class SeriesDataTest {
  private static final DataOptions WINDOWS = DataOptions.defaults().withWindow(2);
  private static final DataOptions SEQUENCES = DataOptions.defaults().withSequenceBy("id");

  /** Mean 3 and deviation 2 in the first four rows. */
  private static final String SIX_ROWS = "x,y\n1,0\n1,1\n5,1\n5,0\n3,0\n";

  /** The rows of b are between those of a; c has one row. */
  private static final String THREE_SEQUENCES =
      "id,x,y\na,1,go\nb,7,stop\na,3,go\nb,9,stop\na,5,go\nc,8,go\n";

  @TempDir Path folder;

  private DataSet train(String text, DataOptions options) throws IOException {
    return train(text, text, options);
  }

  private DataSet train(String text, String test, DataOptions options) throws IOException {
    Path here = Files.createTempDirectory(folder, "t");
    Files.writeString(here.resolve("train.csv"), text);
    Files.writeString(here.resolve("test.csv"), test);
    return DataSets.open(here.toString(), options);
  }

  private void assertError(String text, DataOptions options, String... parts) {
    assertThatThrownBy(() -> train(text, options))
        .isInstanceOf(UserError.class)
        .hasMessageContainingAll(parts)
        .hasMessageNotContaining("\n");
  }

  private static float[] standardised(TablePreprocessing table, int zeros, double... values) {
    float[] all = new float[zeros + values.length];
    for (int i = 0; i < values.length; i++) {
      double mean = table.features().getFirst().mean();
      all[zeros + i] = (float) ((values[i] - mean) / table.features().getFirst().deviation());
    }
    return all;
  }

  @Test
  void windowsAreConsecutiveRowsWithTheLabelOfTheLast() throws IOException {
    DataSet set = train(SIX_ROWS, WINDOWS);
    assertThat(set.train().shape())
        .isEqualTo(new ExampleShape(List.of(2, 1), Kind.CLASSIFICATION, 2));
    assertThat(set.train().count()).isEqualTo(2);
    assertThat(Copies.input(set.train(), 0)).containsExactly(-1, -1);
    assertThat(Copies.input(set.train(), 1)).containsExactly(1, 1);
    assertThat(Copies.targets(set.train(), 0)).containsExactly(1);
    assertThat(set.train().label(1)).isZero();
    assertThat(set.description()).contains("2 + 2 windows of 2 rows of 1 features");
    assertThat(set.description()).contains("2 rows at the end (fill no window)");
  }

  @Test
  void aWindowDoesNotGoFromOneFileIntoTheNext() throws IOException {
    Files.writeString(folder.resolve("train1.csv"), "x,y\n1,0\n2,1\n3,0\n");
    Files.writeString(folder.resolve("train2.csv"), "x,y\n4,0\n5,0\n");
    Files.writeString(folder.resolve("test.csv"), SIX_ROWS);
    DataSet set = DataSets.open(folder.toString(), WINDOWS);
    assertThat(set.train().count()).isEqualTo(2);
    float[] second = Copies.input(set.train(), 1);
    float[] single = standardised((TablePreprocessing) set.preprocessing(), 0, 4, 5);
    assertThat(second).containsExactly(single);
  }

  @Test
  void aTenthOfTheWindowsIsHeldOutWhole() throws IOException {
    StringBuilder text = new StringBuilder("x,y\n");
    for (int row = 0; row < 100; row++) {
      text.append(row).append(',').append(row / 2 % 2).append('\n');
    }
    Path file = Files.writeString(folder.resolve("one.csv"), text);
    DataSet set = DataSets.open(file.toString(), WINDOWS);
    assertThat(set.train().count()).isEqualTo(45);
    assertThat(set.test().count()).isEqualTo(5);
  }

  @Test
  void aSequenceIsAllRowsOfOneValueAndShorterOnesBeginWithZeros() throws IOException {
    DataSet set = train(THREE_SEQUENCES, SEQUENCES);
    TablePreprocessing table = (TablePreprocessing) set.preprocessing();
    assertThat(set.train().shape().input()).containsExactly(3, 1);
    assertThat(set.classNames()).containsExactly("go", "stop");
    assertThat(Copies.input(set.train(), 0)).containsExactly(standardised(table, 0, 1, 3, 5));
    assertThat(Copies.input(set.train(), 1)).containsExactly(standardised(table, 1, 7, 9));
    assertThat(Copies.input(set.train(), 2)).containsExactly(standardised(table, 2, 8));
    assertThat(set.train().label(1)).isEqualTo(1);
    assertThat(set.description())
        .contains("3 + 3 sequences by 'id' of up to 3 rows of 1 features, 2 classes, label 'y'")
        .contains("sequences have 1 to 3 rows, zeros stand before those of fewer than 3");
    // Every sequence counts the same: (3 + 8 + 8) / 3.
    assertThat(table.features().getFirst().mean()).isCloseTo(19 / 3.0, within(1e-12));
  }

  @Test
  void ofALongerSequenceTheLastRowsAreTaken() throws IOException {
    DataSet set =
        train("id,x,y\n1,1,a\n1,3,a\n2,5,b\n", "id,x,y\n9,7,a\n9,8,a\n9,9,a\n", SEQUENCES);
    TablePreprocessing table = (TablePreprocessing) set.preprocessing();
    assertThat(Copies.input(set.test(), 0)).containsExactly(standardised(table, 0, 8, 9));
    assertThat(set.description()).contains("of sequences of more than 2 rows the last 2 are used");
  }

  @Test
  void theLastColumnIsNotTheLabelWhereItTellsSequencesApart() throws IOException {
    DataSet set = train("x,kind,id\n1,a,1\n2,b,2\n", SEQUENCES);
    assertThat(set.description()).contains("label 'kind'");
  }

  @Test
  void aRegressionOfAWindowIsOfItsLastRow() throws IOException {
    DataSet set = train("x,y\n1,9.5\n2,1.5\n3,9.5\n4,2.5\n", WINDOWS);
    assertThat(set.train().shape()).isEqualTo(new ExampleShape(List.of(2, 1), Kind.REGRESSION, 1));
    assertThat(Copies.realTarget(set.train(), 0)).isEqualTo(-1);
    assertThat(Copies.realTarget(set.train(), 1)).isEqualTo(1);
  }

  @Test
  void whatIsKeptWithAModelReadsOtherFilesTheSame() throws IOException {
    for (DataOptions options : List.of(WINDOWS, SEQUENCES)) {
      DataSet learned =
          train(
              THREE_SEQUENCES.replace("\na", "\n1").replace("\nb", "\n2").replace("\nc", "\n3"),
              options);
      Preprocessing kept = Preprocessing.parse(learned.preprocessing().toJson(), "here");
      assertThat(kept).isEqualTo(learned.preprocessing());
      Path other = folder.resolve("other.csv");
      Files.writeString(other, "y,extra,x,id\ngo,1,8,7\ngo,1,6,7\nstop,2,5,6\n");
      DataSet judged = DataSets.openFor(other.toString(), DataOptions.defaults(), kept);
      assertThat(judged.test().shape()).isEqualTo(learned.train().shape());
      assertThat(judged.test().count()).isEqualTo(options.equals(WINDOWS) ? 1 : 2);
    }
  }

  @Test
  void placesAgreeOnTheLongestSequenceAndOnPooledMeans() throws IOException {
    String header = "id,x,y\n";
    String here = "a,1,go\na,3,go\nb,7,stop\n";
    String there = "c,5,go\nc,5,go\nc,8,go\nd,1,stop\nd,1,stop\n";
    Preprocessing all = train(header + here + there, SEQUENCES).preprocessing();
    Preprocessing ours = train(header + here, SEQUENCES).preprocessing();
    Preprocessing theirs = train(header + there, SEQUENCES).preprocessing();
    assertThat(PreprocessingDifference.ofStructure(ours, theirs)).isEmpty();
    TablePreprocessing common =
        (TablePreprocessing)
            CommonPreprocessing.of(
                List.of(
                    new CommonPreprocessing.Place(ours, 2),
                    new CommonPreprocessing.Place(theirs, 2)));
    TablePreprocessing expected = (TablePreprocessing) all;
    assertThat(common.steps()).isEqualTo(3);
    assertThat(common.schema()).isEqualTo(expected.schema());
    assertThat(common.features().getFirst().mean())
        .isCloseTo(expected.features().getFirst().mean(), within(1e-12));
    assertThat(common.features().getFirst().deviation())
        .isCloseTo(expected.features().getFirst().deviation(), within(1e-12));
  }

  @Test
  void placesWithOtherExamplesAreNoParts() throws IOException {
    Preprocessing rows = train(THREE_SEQUENCES, DataOptions.defaults()).preprocessing();
    Preprocessing windows = train(SIX_ROWS, WINDOWS).preprocessing();
    Preprocessing wider = train(SIX_ROWS, DataOptions.defaults().withWindow(1)).preprocessing();
    Preprocessing sequences = train(THREE_SEQUENCES, SEQUENCES).preprocessing();
    assertThat(PreprocessingDifference.ofStructure(windows, wider).orElseThrow())
        .isEqualTo(
            "an example is a window of 1 rows (--window) there and a window of 2 rows (--window)"
                + " here");
    assertThat(PreprocessingDifference.ofStructure(sequences, rows).orElseThrow())
        .contains("an example is a row there and a sequence (--sequence-by id) here");
  }

  @Test
  void mistakesAreOneLineThatNamesThem() {
    DataOptions wide = DataOptions.defaults().withWindow(100);
    assertError(SIX_ROWS, wide, "train.csv: --window 100: expected a table of at least", "found 5");
    assertError(
        THREE_SEQUENCES,
        DataOptions.defaults().withSequenceBy("ide"),
        "train.csv: no column 'ide' for --sequence-by, there are id, x, y",
        "did you mean 'id'?");
    assertError(
        "id,x,y\na,1,go\nb,2,go\na,1,stop\n",
        SEQUENCES,
        "train.csv:4: column 'y': expected 'go' as in line 2 of the same sequence 'a', found 'stop'");
    assertError("id,x,y\na,1,go\n,2,go\n", SEQUENCES, "train.csv:3: column 'id'", "empty field");
    assertError("x,y\n1,0\nNaN,1\n3,0\n4,1\n", WINDOWS, "train.csv:3: column 'x'", "found 'NaN'");
    assertError("x,y\n1,0\nlow,1\n3,0\n4,1\n", WINDOWS, "train.csv:3: column 'x'", "found 'low'");
    assertError(
        THREE_SEQUENCES, SEQUENCES.withLabel("id"), "column 'id' tells sequences apart", "--label");
    assertError("id,y\na,go\nb,stop\n", SEQUENCES, "expected columns to learn from");
    assertThatThrownBy(() -> WINDOWS.withSequenceBy("id"))
        .isInstanceOf(UserError.class)
        .hasMessage(
            "--window 2 and --sequence-by id: rows make either windows or sequences; leave one of"
                + " them out");
    assertThatThrownBy(() -> DataSets.open("generated:blobs", WINDOWS))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("--window 2");
  }
}
