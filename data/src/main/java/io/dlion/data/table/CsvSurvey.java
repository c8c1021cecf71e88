package io.dlion.data.table;

import io.dlion.core.Phrase;
import io.dlion.core.UserError;
import io.dlion.data.DataOptions;
import io.dlion.data.csv.CsvFile;
import io.dlion.data.csv.TableLayout;
import io.dlion.data.field.ColumnSurvey;
import io.dlion.data.schema.CsvColumn;
import io.dlion.data.schema.CsvSchema;
import io.dlion.data.schema.TableColumn;
import io.dlion.data.schema.TableColumns;
import java.util.ArrayList;
import java.util.List;

/**
 * What a first pass over training files found.
 *
 * @param schema what each column is for
 * @param rows in the files
 * @param columns for people
 * @param label the column to predict
 * @param notes what else a user should know
 */
record CsvSurvey(
    CsvSchema schema, long rows, List<TableColumn> columns, LabelColumn label, List<String> notes) {
  static CsvSurvey of(List<CsvFile> files, DataOptions options) {
    CsvFile first = files.getFirst();
    int sequence =
        options
            .table()
            .sequenceBy()
            .map(wanted -> NamedColumn.find(first, "--sequence-by", wanted))
            .orElse(-1);
    int label = LabelColumn.find(first, options, sequence);
    List<ColumnSurvey> surveys = new ArrayList<>();
    for (int c = 0; c < first.names().size(); c++) {
      surveys.add(
          new ColumnSurvey(
              first.numerals(),
              c == label ? LabelColumn.classesMax(options) : ColumnSurvey.DISTINCT_MAX));
    }
    long[] rows = {0};
    for (CsvFile file : files) {
      file.forEach((line, fields) -> {
        rows[0]++;
        for (int c = 0; c < fields.size(); c++) {
          surveys.get(c).add(fields.get(c));
        }
      });
    }
    if (rows[0] == 0) {
      throw new UserError(first.path() + ": expected rows after the header, found none");
    }
    LabelColumn chosen = LabelColumn.of(first, label, surveys.get(label), options);
    if (!options.classes().isEmpty()) {
      chosen.requireGiven(files, label, surveys.get(label));
    }
    List<CsvColumn> columns = new ArrayList<>();
    for (int c = 0; c < surveys.size(); c++) {
      columns.add(
          c == label
              ? chosen.column()
              : c == sequence
                  ? new CsvColumn.Sequence()
                  : CsvColumn.input(first, c, surveys.get(c)));
    }
    CsvSchema schema = new CsvSchema(first.names(), columns, label).checked(first);
    return new CsvSurvey(
        schema, rows[0], TableColumns.of(schema, surveys), chosen, notes(first, surveys));
  }

  /** Numbers that are taken for words because of their decimal mark. */
  private static List<String> notes(CsvFile file, List<ColumnSurvey> surveys) {
    List<String> notes = new ArrayList<>();
    for (int c = 0; c < surveys.size(); c++) {
      if (surveys.get(c).isNumericOtherwise()) {
        notes.add(
            Phrase.of(
                "column '%s' is taken for words, --decimal %s takes it for numbers",
                file.names().get(c), TableLayout.decimalName(file.numerals().other().decimal())));
      }
    }
    return notes;
  }
}
