package io.dlion.data.table;

import io.dlion.data.Contents;
import io.dlion.data.DataOptions;
import io.dlion.data.DataSet;
import io.dlion.data.Source;
import io.dlion.data.csv.CsvFile;
import io.dlion.data.file.LeftOut;
import io.dlion.data.preprocessing.TablePreprocessing;
import io.dlion.data.schema.CsvSchema;
import io.dlion.data.schema.Table;
import io.dlion.data.schema.TableColumns;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Training tables whose encoding is given: read by the names of their columns, whatever their
 * order. Other columns may stand between them. A word or class that the encoding does not hold is
 * an error with its line.
 */
public final class GivenTables {
  private GivenTables() {}

  /**
   * Reads tables of which every one must have all columns of an encoding.
   *
   * @param name for the description
   */
  static DataSet read(
      String name, TableFolder tables, TablePreprocessing given, DataOptions options) {
    CsvSchema schema = given.schema();
    List<CsvFile> trainFiles = open(tables.train(), schema, options);
    CsvFile first = trainFiles.getFirst();
    Table train = Table.read(trainFiles, schema, CsvData.rows(trainFiles));
    Optional<Table> test = Optional.empty();
    if (!tables.test().isEmpty()) {
      DataOptions same = options.withDecimal(first.numerals().decimal());
      List<CsvFile> testFiles = open(tables.test(), schema, same);
      test = Optional.of(Table.read(testFiles, schema, CsvData.rows(testFiles)));
    }
    Contents.Table contents =
        Contents.Table.of(schema, "", Optional.of(first.layout()), TableColumns.of(schema));
    List<LeftOut> leftOut = new ArrayList<>(tables.leftOut());
    leftOut.addAll(first.leftOut());
    Source source = new Source("CSV", leftOut, List.of());
    return Tables.dataSet(name, train, test, schema, given.window(), contents, source, options);
  }

  /** Opens files, each of which must have the columns of a schema. */
  public static List<CsvFile> open(List<Path> paths, CsvSchema schema, DataOptions options) {
    List<String> expected = schema.usedNames();
    List<CsvFile> files =
        paths.stream().map(path -> CsvOpener.open(path, options, expected)).toList();
    files.forEach(schema::places);
    return files;
  }
}
