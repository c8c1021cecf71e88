package io.dlion.data.table;

import io.dlion.core.Phrase;
import io.dlion.core.UserError;
import io.dlion.data.Contents;
import io.dlion.data.DataOptions;
import io.dlion.data.DataSet;
import io.dlion.data.JudgedPart;
import io.dlion.data.Source;
import io.dlion.data.csv.CsvFile;
import io.dlion.data.file.Folder;
import io.dlion.data.file.LeftOut;
import io.dlion.data.preprocessing.Mismatch;
import io.dlion.data.preprocessing.TablePreprocessing;
import io.dlion.data.schema.CsvSchema;
import io.dlion.data.schema.Table;
import io.dlion.data.schema.TableColumns;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Tables in text files, the label in one of the columns; several files are read one after the
 * other.
 *
 * <p>A label of words, or of at most 32 different whole numbers, is a class; other numbers are a
 * regression, unless the options say otherwise. Of the other columns, numbers are standardised, at
 * most 32 different words become one number each (1 for the word that is there, else 0,
 * standardised too), and dates, times, empty columns and row numbers are left out.
 */
public final class CsvData {
  private CsvData() {}

  /** Tables to judge a model by. */
  public static DataSet judged(
      String name, Folder folder, DataOptions options, TablePreprocessing preprocessing) {
    TableFolder tables = TableFolder.judged(folder, options);
    if (tables.train().isEmpty()) {
      throw Mismatch.of(folder.path().toString(), preprocessing, "no .csv, .tsv, .txt or .data");
    }
    return tables.test().isEmpty()
        ? JudgedTables.read(name, tables.train(), JudgedPart.ALL, options, preprocessing)
        : JudgedTables.read(name, tables.test(), JudgedPart.TEST_SPLIT, options, preprocessing);
  }

  /** A single table, of which a tenth is held out. */
  public static DataSet read(String name, Path file, DataOptions options) {
    return read(name, new TableFolder(List.of(file), List.of(), List.of()), options);
  }

  /** The tables of a folder. */
  public static DataSet read(String name, TableFolder tables, DataOptions options) {
    Optional<TablePreprocessing> given =
        options.encoding(TablePreprocessing.class, tables.train().getFirst().toString(), "a table");
    if (given.isPresent()) {
      return GivenTables.read(name, tables, given.get(), options);
    }
    CsvFile first = CsvOpener.open(tables.train().getFirst(), options, List.of());
    List<CsvFile> trainFiles = alike(first, tables.train(), options);
    List<CsvFile> testFiles = alike(first, tables.test(), options);
    CsvSurvey surveyed = CsvSurvey.of(trainFiles, options);
    CsvSchema schema = surveyed.schema();
    Table train = Table.read(trainFiles, schema, surveyed.rows());
    Optional<Table> test =
        testFiles.isEmpty()
            ? Optional.empty()
            : Optional.of(Table.read(testFiles, schema, rows(testFiles)));
    Contents.Table contents =
        Contents.Table.of(
            schema, surveyed.label().choice(), Optional.of(first.layout()), surveyed.columns());
    List<LeftOut> leftOut = new ArrayList<>(tables.leftOut());
    leftOut.addAll(first.leftOut());
    leftOut.addAll(TableColumns.leftOut(schema));
    Source source = new Source("CSV", leftOut, surveyed.notes());
    int window = options.table().window().orElse(0);
    return Tables.dataSet(name, train, test, schema, window, contents, source, options);
  }

  /** Files with the columns of the first one, and the same decimal mark. */
  private static List<CsvFile> alike(CsvFile first, List<Path> paths, DataOptions options) {
    DataOptions same = options.withDecimal(first.numerals().decimal());
    List<String> names = first.hasHeader() ? first.names() : List.of();
    List<String> expected = first.hasRowNumbers() ? names.subList(1, names.size()) : names;
    List<CsvFile> files = paths.stream().map(path -> CsvOpener.open(path, same, expected)).toList();
    for (CsvFile file : files) {
      if (!file.names().equals(first.names())) {
        throw new UserError(
            Phrase.of(
                "%s: expected the columns of %s (%s), found %s%s",
                file.path(),
                first.path(),
                String.join(", ", first.names()),
                file.hasHeader() ? "" : "no header, so columns by number: ",
                String.join(", ", file.names())));
      }
    }
    return files;
  }

  static long rows(List<CsvFile> files) {
    long[] rows = {0};
    files.forEach(f -> f.forEach((line, fields) -> rows[0]++));
    if (rows[0] == 0) {
      throw new UserError(files.getFirst().path() + ": expected rows to test with, found none");
    }
    return rows[0];
  }
}
