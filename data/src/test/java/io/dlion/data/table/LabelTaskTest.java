package io.dlion.data.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dlion.core.UserError;
import io.dlion.core.learn.ExampleShape.Kind;
import io.dlion.data.DataOptions;
import io.dlion.data.DataSet;
import io.dlion.data.Reading;
import io.dlion.data.recognise.DataSets;
import io.dlion.data.schema.LabelTask;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whether a label is a class or a number: chosen by its values and said, or asked for. */
class LabelTaskTest {
  private static final DataOptions DEFAULTS = DataOptions.defaults();
  private static final DataOptions CLASSES = Reading.task(LabelTask.CLASSIFICATION);
  private static final DataOptions NUMBERS = Reading.task(LabelTask.REGRESSION);

  @TempDir Path folder;

  private DataSet open(int rows, IntFunction<String> label, DataOptions options)
      throws IOException {
    StringBuilder text = new StringBuilder("x,kind\n");
    for (int i = 0; i < rows; i++) {
      text.append(i / 8.0).append(',').append(label.apply(i)).append('\n');
    }
    Path file = Files.writeString(folder.resolve("t.csv"), text);
    return DataSets.open(file.toString(), options);
  }

  private void assertError(
      int rows, IntFunction<String> label, DataOptions options, String... parts) {
    assertThatThrownBy(() -> open(rows, label, options))
        .isInstanceOf(UserError.class)
        .hasMessageContainingAll(parts)
        .hasMessageNotContaining("\n");
  }

  @Test
  void manyWholeNumbersAreClassesWhereThatIsAskedFor() throws IOException {
    IntFunction<String> label = i -> Integer.toString(i % 100);
    DataSet asked = open(400, label, CLASSES);
    assertThat(asked.train().shape().kind()).isEqualTo(Kind.CLASSIFICATION);
    assertThat(asked.classNames()).hasSize(100).startsWith("0", "1").endsWith("99");
    DataSet chosen = open(400, label, DEFAULTS);
    assertThat(chosen.train().shape().kind()).isEqualTo(Kind.REGRESSION);
    assertThat(chosen.description())
        .contains("regression", "more than 32 whole numbers", "--task classification");
    assertThat(open(800, i -> Integer.toString(i % 400), CLASSES).classNames()).hasSize(400);
  }

  @Test
  void fewWholeNumbersAreANumberToPredictWhereThatIsAskedFor() throws IOException {
    IntFunction<String> label = i -> Integer.toString(i % 5);
    assertThat(open(40, label, DEFAULTS).description())
        .contains("5 classes", "whole numbers taken as classes", "--task regression");
    DataSet asked = open(40, label, NUMBERS);
    assertThat(asked.train().shape().kind()).isEqualTo(Kind.REGRESSION);
    assertThat(asked.description()).contains("regression").doesNotContain("--task");
  }

  @Test
  void numbersWithFractionsAreClassesWhereThatIsAskedFor() throws IOException {
    IntFunction<String> stars = i -> Double.toString(i % 10 / 2.0);
    assertThat(open(40, stars, CLASSES).classNames()).hasSize(10).contains("0", "0.5", "4.5");
    assertThat(open(40, stars, DEFAULTS).description())
        .contains("numbers with fractions", "--task classification");
  }

  @Test
  void wordsCannotBePredictedAsNumbers() {
    assertError(
        40,
        i -> i % 2 == 0 ? "cat" : "dog",
        NUMBERS,
        "label column 'kind'",
        "--task regression",
        "'cat'");
  }

  @Test
  void manyWordsAreClassesOnlyWhereThatIsAskedFor() throws IOException {
    IntFunction<String> label = i -> "word" + i % 300;
    assertError(600, label, DEFAULTS, "at most 256 classes", "--label", "--task classification");
    assertThat(open(600, label, CLASSES).classNames()).hasSize(300);
  }

  @Test
  void theColumnIsSaidAndHowToChooseAnother() throws IOException {
    IntFunction<String> label = i -> i % 2 == 0 ? "cat" : "dog";
    assertThat(open(40, label, DEFAULTS).description())
        .contains("label 'kind' (the last column; --label changes it)");
    assertThat(open(40, label, DEFAULTS.withLabel("2")).description())
        .contains("label 'kind', CSV");
  }
}
