package io.dlion.data;

import io.dlion.core.Phrase;
import io.dlion.core.UserError;
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
    List<String> expected = preprocessing.schema().usedNames();
    List<CsvFile> files =
        paths.stream().map(path -> CsvOpener.open(path, options, expected)).toList();
    files.forEach(preprocessing.schema()::places);
    Table table = Table.read(files, preprocessing.schema(), CsvData.rows(files));
    Optional<TableLayout> layout = Optional.of(files.getFirst().layout());
    return dataSet(name, table, layout, part, Source.of("CSV"), preprocessing);
  }

  /** A generated table, whose columns must be just those that the model learned from. */
  static DataSet generated(
      String name, GeneratedTables.Tested tested, TablePreprocessing preprocessing) {
    if (!tested.schema().equals(preprocessing.schema())) {
      throw new UserError(
          Phrase.of(
              "%s: expected the columns that the model was trained on (%s) with the same classes, found %s",
              name,
              String.join(", ", preprocessing.schema().names()),
              String.join(", ", tested.schema().names())));
    }
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
