package io.dlion.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlion.data.file.LeftOut;
import io.dlion.data.recognise.DataSets;
import io.dlion.data.schema.LabelTask;
import io.dlion.data.schema.TableColumn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was recognised about data is a record, from which the one-line description is made. */
class RecognisedTest {
  @TempDir Path folder;

  private Recognised open(String name, String text) throws IOException {
    Path file = Files.writeString(folder.resolve(name), text);
    return DataSets.open(file.toString(), DataOptions.defaults()).recognised();
  }

  @Test
  void aTablesColumnsHaveTypesRolesAndRanges() throws IOException {
    Recognised data =
        open(
            "a.csv", "day,x,size,y\n2020-01-01,1,S,no\n2020-01-02,2.5,L,yes\n2020-01-03,-3,S,no\n");
    assertThat(data.contents()).isInstanceOf(Contents.Table.class);
    Contents.Table table = (Contents.Table) data.contents();
    assertThat(table.columns())
        .containsExactly(
            new TableColumn("day", "date or time", TableColumn.Role.LEFT_OUT, ""),
            new TableColumn("x", "number", TableColumn.Role.FEATURE, "-3 to 2.5"),
            new TableColumn("size", "2 words", TableColumn.Role.FEATURE, "L, S"),
            new TableColumn("y", "2 classes", TableColumn.Role.LABEL, "no, yes"));
    assertThat(table.label()).isEqualTo("y");
    assertThat(table.task()).isEqualTo(LabelTask.CLASSIFICATION);
    assertThat(data.source().leftOut())
        .containsExactly(new LeftOut("column 'day'", "date or time"));
    assertThat(data.testSplit()).isEqualTo(TestSplit.HELD_OUT);
  }

  @Test
  void classesAreCountedInBothParts() {
    Recognised data = DataSets.open("generated:blobs", DataOptions.defaults()).recognised();
    assertThat(data.classes()).hasSize(5);
    assertThat(data.classes().stream().mapToInt(ClassCount::train).sum()).isEqualTo(3_000);
    assertThat(data.classes().stream().mapToInt(ClassCount::test).sum()).isEqualTo(600);
    assertThat(data.classes().getFirst().name()).isEqualTo("blobs A");
  }

  @Test
  void theFieldsForJsonHoldTheDescriptionAndTheParts() throws IOException {
    Recognised data = open("a.txt", "to be or not to be ".repeat(60));
    assertThat(data.asMap())
        .containsEntry("kind", "text")
        .containsEntry("format", "plain text")
        .containsEntry("characters", 60 * 19)
        .containsEntry("classes", List.of())
        .containsEntry("description", data.line());
    assertThat(data.line())
        .isEqualTo(
            data.trainExamples()
                + " + "
                + data.testExamples()
                + " sequences of 64 characters, 7 different ones, text of 1,140, plain text; the last"
                + " 10 % are the test set");
  }

  @Test
  void aSetForValidationSaysWhatItIsJudgedBy() {
    DataSet set = DataSets.open("generated:waves", DataOptions.defaults()).forValidation(1);
    assertThat(set.recognised().testSplit()).isEqualTo(TestSplit.VALIDATION);
    assertThat(set.description())
        .startsWith("2,700 + 300 rows of 8 features, regression, label 'y'")
        .endsWith("judged by a tenth of the training examples, held out");
  }
}
