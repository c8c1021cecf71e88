package io.dlion.data.record;

import io.dlion.core.Phrase;
import io.dlion.data.field.Missing;
import io.dlion.data.field.Numerals;
import io.dlion.data.file.ComposedNames;
import io.dlion.data.schema.CsvColumn;
import io.dlion.data.schema.CsvSchema;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * Turns the fields of a record into the numbers that a schema makes of them, before they are
 * standardised: as {@link io.dlion.data.schema.Table} does with the rows of a file. Holds the last
 * record that was read. Confined to one thread.
 */
final class RowReader {
  private final CsvSchema schema;
  private final Numerals numerals;
  private final ClassNumbers classes;

  /** The numbers that a model gets. */
  final double[] values;

  /** The class or the number to predict. */
  double label;

  RowReader(CsvSchema schema, Numerals numerals) {
    this.schema = schema;
    this.numerals = numerals;
    this.classes = new ClassNumbers(schema.classNames());
    this.values = new double[schema.features()];
  }

  /** Reads the texts of a record's columns, which are those of the schema. */
  void read(FieldTexts texts) throws UnfitRecordException {
    Arrays.fill(values, 0);
    int at = 0;
    for (int c = 0; c < schema.columns().size(); c++) {
      boolean isLabel = c == schema.label();
      switch (schema.columns().get(c)) {
        case CsvColumn.LeftOut _, CsvColumn.Sequence _ -> {}
        case CsvColumn.Numeric column -> set(isLabel, at, number(column, c, texts));
        case CsvColumn.Category words -> {
          int index = word(words, c, texts);
          set(isLabel, isLabel ? at : at + index, isLabel ? index : 1);
        }
      }
      at += isLabel ? 0 : schema.columns().get(c).width();
    }
  }

  private void set(boolean isLabel, int at, double value) {
    if (isLabel) {
      label = value;
    } else {
      values[at] = value;
    }
  }

  private String text(int column, FieldTexts texts) throws UnfitRecordException {
    @Nullable String text = texts.text(column);
    String name = schema.names().get(column);
    if (text == null) {
      throw new UnfitRecordException(
          "missing:" + name, Phrase.of("expected a column '%s', found none", name));
    }
    return ComposedNames.composed(text.strip());
  }

  private double number(CsvColumn.Numeric column, int c, FieldTexts texts)
      throws UnfitRecordException {
    String text = text(c, texts);
    Numerals notation = texts.isJsonNumber(c) ? Numerals.POINT : numerals;
    OptionalDouble value = column.parse(notation, text);
    if (value.isEmpty()) {
      String name = schema.names().get(c);
      throw new UnfitRecordException(
          (Missing.is(text) ? "missing:" : "number:") + name,
          Phrase.of("column '%s': expected a finite number, found %s", name, shown(text)));
    }
    return value.getAsDouble();
  }

  private int word(CsvColumn.Category words, int c, FieldTexts texts) throws UnfitRecordException {
    String text = text(c, texts);
    Numerals notation = texts.isJsonNumber(c) ? Numerals.POINT : numerals;
    int index = words.indexOf(notation, text);
    if (index < 0 && texts.isJsonBoolean(c)) {
      index = ignoringCase(words.values(), text);
    }
    if (index >= 0) {
      return index;
    }
    String name = schema.names().get(c);
    if (Missing.is(text)) {
      throw new UnfitRecordException(
          "missing:" + name,
          Phrase.of("column '%s': expected a word, found %s", name, shown(text)));
    }
    if (c == schema.label()) {
      throw classes.unknown(text);
    }
    throw new UnfitRecordException(
        "word:" + name,
        Phrase.of("column '%s': expected one of %s, found %s", name, words.shown(), shown(text)));
  }

  /** Files have True or TRUE where JSON has true. */
  private static int ignoringCase(List<String> values, String text) {
    for (int i = 0; i < values.size(); i++) {
      if (values.get(i).equalsIgnoreCase(text)) {
        return i;
      }
    }
    return -1;
  }

  private static String shown(String text) {
    return text.isEmpty() ? "nothing" : "'" + ClassNumbers.shortened(text) + "'";
  }

  /** How many numbers a record of bare numbers has beside the label: one for each column. */
  int rawValues() {
    int count = 0;
    for (int c = 0; c < schema.columns().size(); c++) {
      count += c != schema.label() && schema.columns().get(c).width() > 0 ? 1 : 0;
    }
    return count;
  }

  /** Reads bare numbers; for a word its place among those of its column, counted from 0. */
  void raw(byte[] record, RawLayout layout) throws UnfitRecordException {
    layout.require(Received.checked(record), rawValues(), Phrase.of("%,d numbers", rawValues()));
    Arrays.fill(values, 0);
    int at = 0;
    int next = 0;
    for (int c = 0; c < schema.columns().size(); c++) {
      CsvColumn column = schema.columns().get(c);
      if (c == schema.label() || column.width() == 0) {
        continue;
      }
      double value = finite(layout.value(record, next++), c);
      if (column instanceof CsvColumn.Category words) {
        if (value != Math.rint(value) || value < 0 || value >= words.width()) {
          throw new UnfitRecordException(
              "word:" + schema.names().get(c),
              Phrase.of(
                  "column '%s': expected the number of a word from 0 to %d, found %s",
                  schema.names().get(c), words.width() - 1, value));
        }
        values[at + (int) value] = 1;
      } else {
        values[at] = value;
      }
      at += column.width();
    }
    double last = finite(layout.label(record), schema.label());
    label = schema.isRegression() ? last : classes.of(last);
  }

  private double finite(double value, int c) throws UnfitRecordException {
    if (!Double.isFinite(value)) {
      String name = schema.names().get(c);
      throw new UnfitRecordException(
          "number:" + name,
          Phrase.of("column '%s': expected a finite number, found %s", name, value));
    }
    return value;
  }
}
