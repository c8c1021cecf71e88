package io.dlion.data.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dlion.core.UserError;
import io.dlion.core.learn.ExampleShape.Kind;
import io.dlion.data.Copies;
import io.dlion.data.DataOptions;
import io.dlion.data.DataSet;
import io.dlion.data.recognise.DataSets;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CsvDataTest {
  private static final DataOptions OPTIONS = DataOptions.defaults();

  @TempDir Path folder;

  private DataSet train(String text, DataOptions options) throws IOException {
    Files.writeString(folder.resolve("train.csv"), text);
    if (!Files.exists(folder.resolve("test.csv"))) {
      Files.writeString(folder.resolve("test.csv"), text);
    }
    return DataSets.open(folder.toString(), options);
  }

  private void assertError(String text, String... parts) {
    assertThatThrownBy(() -> train(text, OPTIONS))
        .isInstanceOf(UserError.class)
        .hasMessageContainingAll(parts)
        .hasMessageNotContaining("\n");
  }

  @Test
  void standardisesNumbersAndNumbersTheClasses() throws IOException {
    DataSet set = train("a,b,kind\n1,5,yes\n3,5,no\n1,5,no\n3,5,yes\n", OPTIONS);
    assertThat(set.train().shape().kind()).isEqualTo(Kind.CLASSIFICATION);
    assertThat(set.classNames()).containsExactly("no", "yes");
    assertThat(Copies.input(set.train(), 0)).containsExactly(-1, 0);
    assertThat(Copies.input(set.train(), 1)).containsExactly(1, 0);
    assertThat(set.train().label(0)).isEqualTo(1);
    assertThat(Copies.targets(set.train(), 0)).containsExactly(1);
  }

  @Test
  void fewWholeNumbersAreClassesInTheOrderOfTheirSize() throws IOException {
    DataSet set = train("x,y\n1,10\n2,9\n3,10.0\n", OPTIONS);
    assertThat(set.classNames()).containsExactly("9", "10");
    assertThat(set.train().label(2)).isEqualTo(1);
  }

  @Test
  void decimalNumbersAreARegressionWithStandardisedTargets() throws IOException {
    DataSet set = train("x,y\n1,0.5\n2,1.5\n", OPTIONS);
    assertThat(set.train().shape().kind()).isEqualTo(Kind.REGRESSION);
    assertThat(set.classNames()).isEmpty();
    assertThat(Copies.realTarget(set.train(), 0)).isEqualTo(-1);
    assertThat(set.train().label(0)).isEqualTo(-1);
  }

  @Test
  void theLabelIsChosenByNameOrNumber() throws IOException {
    String text = "a;b;c\n1;0;1.5\n2;1;2.5\n";
    assertThat(train(text, OPTIONS.withLabel("b")).description()).contains("label 'b'");
    assertThat(train(text, OPTIONS.withLabel("2")).description()).contains("label 'b'");
  }

  @Test
  void anUnknownLabelGetsTheNearestName() {
    assertThatThrownBy(() -> train("colour,b\n1,2\n", OPTIONS.withLabel("color")))
        .isInstanceOf(UserError.class)
        .hasMessageContainingAll("train.csv", "'color'", "there are colour, b", "'colour'?");
  }

  @Test
  void aColumnCalledLabelIsTheLabelWhereverItStands() throws IOException {
    assertThat(train("Label,x\n0,1\n1,2\n", OPTIONS).description()).contains("label 'Label'");
  }

  @Test
  void leavesOutRowNumbersAndDatesAndSaysSo() throws IOException {
    DataSet set =
        train(
            """
            "date","x","y"
            "1","2015-02-04 17:51:00",1,0
            "2",2015-02-04 17:52:00,2,1
            """,
            OPTIONS);
    assertThat(set.train().shape().input()).containsExactly(1);
    assertThat(set.description())
        .contains("left out: column 'row number' (numbers the rows), column 'date' (date or time)");
  }

  @Test
  void aTableWithoutAHeaderNamesItsColumnsByNumber() throws IOException {
    DataSet set = train("5.1,3.5,setosa\n4.9,3.0,virginica\n", OPTIONS);
    assertThat(set.train().count()).isEqualTo(2);
    assertThat(set.description()).contains("label '3'");
  }

  @Test
  void fewWordsBecomeANumberEach() throws IOException {
    DataSet set = train("size,y\nS,0\nL,1\nS,1\nL,0\n", OPTIONS);
    assertThat(Copies.input(set.train(), 0)).as("L, S").containsExactly(-1, 1);
  }

  @Test
  void quotedFieldsMayHoldDelimitersAndLineBreaks() throws IOException {
    DataSet set = train("x,y\n1,\"a, b\"\n2,\"c\nd\"\n", OPTIONS);
    assertThat(set.classNames()).containsExactly("a, b", "c\nd");
  }

  @Test
  void aSingleFileIsSplit() throws IOException {
    StringBuilder text = new StringBuilder("x\ty\n");
    for (int i = 0; i < 40; i++) {
      text.append(i).append('\t').append(i % 2).append('\n');
    }
    Path file = Files.writeString(folder.resolve("numbers.data"), text);
    DataSet set = DataSets.open(file.toString(), OPTIONS);
    assertThat(List.of(set.train().count(), set.test().count())).containsExactly(36, 4);
    assertThat(set.description()).contains("10 % held out");
  }

  @Test
  void aRaggedRowIsNamedWithItsLine() {
    assertError("a,b,y\n1,2,0\n1,2\n1,2,1\n", "train.csv:3:", "expected 3 fields", "found 2");
    assertError("a,b,y\n1,2,0\n1,2,1\n1,2,1,7\n", "train.csv:4:", "expected 3 fields", "found 4");
  }

  @Test
  void aTextInANumberColumnIsNamedWithLineAndColumn() {
    assertError("a,y\n1,0\n2,1\nabc,1\n", "train.csv:4: column 'a'", "number", "found 'abc'");
  }

  @Test
  void missingAndInfiniteNumbersAreErrors() {
    assertError("a,y\n1,0\n2,1\nNaN,1\n", "train.csv:4: column 'a'", "found 'NaN'");
    assertError("a,y\n1,0\n2,1\n-inf,1\n", "train.csv:4: column 'a'", "found '-inf'");
    assertError("a,y\n1,0\n2,1\n1e999,1\n", "train.csv:4: column 'a'", "found '1e999'");
    assertError("a,y\n1,0\n2,1\n,1\n", "train.csv:4: column 'a'", "found an empty field");
    assertError("a,y\n1,0\n2,1\n3,\n", "train.csv:4: column 'y'", "found an empty field");
  }

  @Test
  void aClassThatIsOnlyInTheTestFileIsAnError() throws IOException {
    Files.writeString(folder.resolve("test.csv"), "a,y\n1,cat\n2,dog\n");
    assertError("a,y\n1,cat\n2,cow\n", "test.csv:3: column 'y'", "one of cat, cow", "'dog'");
  }

  @Test
  void aTestFileWithOtherColumnsIsAnError() throws IOException {
    Files.writeString(folder.resolve("test.csv"), "b,y\n1,0\n");
    assertError("a,y\n1,0\n2,1\n", "test.csv", "expected the columns of", "(a, y)", "b, y");
  }

  @Test
  void manyWordsAreAnError() {
    StringBuilder text = new StringBuilder("name,x,y\n");
    for (int i = 0; i < 40; i++) {
      text.append("n").append(i).append(",1,").append(i % 2).append('\n');
    }
    assertError(text.toString(), "train.csv", "column 'name'", "at most 32 different words");
  }

  @Test
  void oneValueOfTheLabelIsAnError() {
    assertError("x,y\n1,0\n2,0\n", "label column 'y'", "at least two");
  }

  @Test
  void aTableOfOnlyAHeaderIsAnError() {
    assertError("x,y\n", "train.csv", "expected rows");
  }

  @Test
  void otherEncodingsAreAnError() throws IOException {
    Path file = folder.resolve("train.csv");
    Files.write(file, "x,y\n1,für\n2,b\n".getBytes(StandardCharsets.ISO_8859_1));
    assertThatThrownBy(() -> DataSets.open(file.toString(), OPTIONS))
        .isInstanceOf(UserError.class)
        .hasMessageContainingAll("train.csv", "UTF-8");
  }

  @Test
  void anUnclosedQuoteIsNoCrash() throws IOException {
    Path file = Files.writeString(folder.resolve("train.csv"), "x,y\n1,\"a\n2,b\n");
    assertThatThrownBy(() -> DataSets.open(file.toString(), OPTIONS))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("train.csv");
  }
}
