package io.dlion.data;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Tables to judge a model by. */
final class JudgedTables {
  private JudgedTables() {}

  /**
   * Reads files by the names of their columns, whatever their order; other columns may stand
   * between them.
   *
   * @param name for the description
   */
  static DataSet read(
      String name,
      List<Path> paths,
      Part part,
      DataOptions options,
      TablePreprocessing preprocessing) {
    List<CsvFile> files = GivenTables.open(paths, preprocessing.schema(), options);
    Table table = Table.read(files, preprocessing.schema(), CsvData.rows(files));
    Optional<TableLayout> layout = Optional.of(files.getFirst().layout());
    return dataSet(name, table, layout, part, Source.of("CSV"), preprocessing);
  }

  /** A generated table, whose columns must be just those that the model learned from. */
  static DataSet generated(
      String name, GeneratedTables.Tested tested, TablePreprocessing preprocessing) {
    Tables.requireSame(name, tested.schema(), preprocessing.schema());
    return dataSet(
        name, tested.table(), Optional.empty(), Part.TEST_SPLIT, tested.source(), preprocessing);
  }

  private static DataSet dataSet(
      String name,
      Table table,
      Optional<TableLayout> layout,
      Part part,
      Source source,
      TablePreprocessing preprocessing) {
    CsvSchema schema = preprocessing.schema();
    Contents contents = Contents.Table.of(schema, "", layout, TableColumns.of(schema));
    return DataSet.judged(name, contents, preprocessing.encode(table), preprocessing, part, source);
  }
}
