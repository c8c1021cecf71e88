package io.dlion.data.table;

import io.dlion.data.Contents;
import io.dlion.data.DataOptions;
import io.dlion.data.DataSet;
import io.dlion.data.JudgedPart;
import io.dlion.data.Source;
import io.dlion.data.csv.CsvFile;
import io.dlion.data.csv.TableLayout;
import io.dlion.data.preprocessing.TablePreprocessing;
import io.dlion.data.schema.CsvSchema;
import io.dlion.data.schema.Table;
import io.dlion.data.schema.TableColumns;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Tables to judge a model by. */
public final class JudgedTables {
  private JudgedTables() {}

  /**
   * Reads files by the names of their columns, whatever their order; other columns may stand
   * between them.
   *
   * @param name for the description
   */
  public static DataSet read(
      String name,
      List<Path> paths,
      JudgedPart part,
      DataOptions options,
      TablePreprocessing preprocessing) {
    List<CsvFile> files = GivenTables.open(paths, preprocessing.schema(), options);
    Table table = Table.read(files, preprocessing.schema(), CsvData.rows(files));
    Optional<TableLayout> layout = Optional.of(files.getFirst().layout());
    return dataSet(name, table, layout, part, Source.of("CSV"), preprocessing);
  }

  /**
   * A generated table, whose columns must be just those that the model learned from.
   *
   * @param window rows of an example; 0: each row is one
   */
  public static DataSet generated(
      String name,
      Table table,
      CsvSchema schema,
      int window,
      Source source,
      TablePreprocessing preprocessing) {
    Tables.requireSame(name, schema, window, preprocessing);
    return dataSet(name, table, Optional.empty(), JudgedPart.TEST_SPLIT, source, preprocessing);
  }

  private static DataSet dataSet(
      String name,
      Table table,
      Optional<TableLayout> layout,
      JudgedPart part,
      Source source,
      TablePreprocessing preprocessing) {
    CsvSchema schema = preprocessing.schema();
    Contents contents =
        Contents.Table.of(schema, "", layout, TableColumns.of(schema))
            .inSteps(preprocessing.steps());
    Source told = SeriesNotes.added(source, List.of(table), preprocessing);
    return DataSet.judged(name, contents, preprocessing.encode(table), preprocessing, part, told);
  }
}
