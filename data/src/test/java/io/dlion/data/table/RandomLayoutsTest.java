package io.dlion.data.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlion.data.Contents;
import io.dlion.data.DataOptions;
import io.dlion.data.DataSet;
import io.dlion.data.field.TableNumbers;
import io.dlion.data.recognise.DataSets;
import io.dlion.data.schema.TableColumn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The same kind of table written in layouts drawn at random: whatever the delimiter, decimal mark,
 * header, quotes, row numbers and line ends, the numbers that were written are read.
 */
class RandomLayoutsTest {
  private static final int LAYOUTS = 200;

  @TempDir Path folder;

  static IntStream seeds() {
    return IntStream.range(0, LAYOUTS);
  }

  /** A table and the text that holds it. */
  private static final class Written {
    private final SplittableRandom random;
    private final char delimiter;
    private final boolean comma;
    private final boolean groups;
    private final boolean quotes;
    private final boolean rowNumbers;
    private final String lineEnd;
    private final StringBuilder text = new StringBuilder();
    private final double[][] rows;

    Written(int seed) {
      random = new SplittableRandom(seed);
      delimiter = ",;\t| ".charAt(random.nextInt(5));
      comma = random.nextBoolean();
      groups = delimiter != ' ' && random.nextInt(3) == 0;
      quotes = (delimiter == ',' && (comma || groups)) || random.nextInt(3) == 0;
      rowNumbers = random.nextInt(3) == 0;
      lineEnd = random.nextBoolean() ? "\n" : "\r\n";
      rows = new double[10 + random.nextInt(50)][1 + random.nextInt(4)];
      boolean trailing = delimiter != ' ' && random.nextInt(4) == 0;
      String end = (trailing ? Character.toString(delimiter) : "") + lineEnd;
      text.append(random.nextBoolean() ? "\uFEFF" : "");
      header();
      text.append(end);
      for (int i = 0; i < rows.length; i++) {
        row(i);
        text.append(end);
      }
    }

    private void header() {
      List<String> names = new ArrayList<>();
      int style = random.nextInt(3);
      for (int c = 0; c < rows[0].length; c++) {
        names.add(style == 0 ? Integer.toString(c) : (style == 1 ? "v" : "20") + (c + 10));
      }
      names.add("label");
      boolean nothingStandsForAnEmptyName = delimiter == ' ' && !quotes;
      if (rowNumbers && !nothingStandsForAnEmptyName) {
        names.addFirst("");
      }
      text.append(joined(names));
    }

    private void row(int i) {
      List<String> fields = new ArrayList<>();
      if (rowNumbers) {
        fields.add(Integer.toString(i));
      }
      for (int c = 0; c < rows[i].length; c++) {
        double value = (random.nextDouble() - 0.5) * Math.pow(10, 1 + random.nextInt(4));
        String number = String.format(Locale.ROOT, groups ? "%,.2f" : "%.2f", value);
        rows[i][c] = Double.parseDouble(number.replace(",", ""));
        fields.add(comma ? swapped(number) : number);
      }
      fields.add(i % 2 == 0 ? "cat" : "dog");
      text.append(joined(fields));
    }

    private static String swapped(String number) {
      return number.replace(',', '_').replace('.', ',').replace('_', '.');
    }

    private String joined(List<String> fields) {
      List<String> written = quotes ? fields.stream().map(f -> '"' + f + '"').toList() : fields;
      return String.join(Character.toString(delimiter), written);
    }

    String range(int column) {
      double least = Double.POSITIVE_INFINITY;
      double most = Double.NEGATIVE_INFINITY;
      for (double[] row : rows) {
        least = Math.min(least, row[column]);
        most = Math.max(most, row[column]);
      }
      return TableNumbers.shown(least) + " to " + TableNumbers.shown(most);
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void numbersAreReadAsTheyWereWritten(int seed) throws IOException {
    Written written = new Written(seed);
    Path file = Files.writeString(folder.resolve("t.csv"), written.text);
    DataSet set = DataSets.open(file.toString(), DataOptions.defaults());
    Contents.Table table = (Contents.Table) set.recognised().contents();
    String first = written.text.substring(0, Math.min(200, written.text.length()));
    assertThat(set.train().count() + set.test().count()).as(first).isEqualTo(written.rows.length);
    assertThat(set.classNames()).as(first).containsExactly("cat", "dog");
    int index = written.rowNumbers ? 1 : 0;
    for (int c = 0; c < written.rows[0].length; c++) {
      TableColumn column = table.columns().get(c + index);
      assertThat(column.role()).as(first).isEqualTo(TableColumn.Role.FEATURE);
      assertThat(column.values()).as(first).isEqualTo(written.range(c));
    }
  }
}
