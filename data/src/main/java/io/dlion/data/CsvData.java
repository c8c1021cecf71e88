package io.dlion.data;

import io.dlion.core.Phrase;
import io.dlion.core.UserError;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Tables in text files, the label in one of the columns. In a folder the files called something
 * with "train" are to learn from, those with "test" (or else "val") to judge by; several are read
 * one after the other.
 *
 * <p>A label of words, or of at most 32 different whole numbers, is a class; other numbers are a
 * regression. Of the other columns, numbers are standardised, at most 32 different words become one
 * number each (1 for the word that is there, else 0, standardised too), and dates, times and row
 * numbers are left out.
 */
final class CsvData {
  private static final List<String> TABLES = List.of("csv", "tsv");
  private static final List<String> TABLES_OR_TEXTS = List.of("csv", "tsv", "txt", "data");

  private CsvData() {}

  /** Whether a file is a table: by its name, else by its first lines. */
  static boolean is(Path file, DataOptions options) {
    return Folder.hasExtension(file, TABLES)
        || (Folder.hasExtension(file, TABLES_OR_TEXTS)
            && (options.label().isPresent()
                ? CsvSniffer.likely(file).isPresent()
                : CsvSniffer.regular(file).isPresent()));
  }

  /** The files of a folder that are tables to learn from; empty if there are none. */
  static List<Path> trainFiles(Folder folder, DataOptions options) {
    List<Path> candidates =
        folder.files().stream()
            .filter(f -> Folder.hasExtension(f, TABLES_OR_TEXTS) && !isNote(f))
            .toList();
    List<Path> named = candidates.stream().filter(f -> isCalled(f, "train")).toList();
    List<Path> files = named.isEmpty() && candidates.size() == 1 ? candidates : named;
    return files.stream().allMatch(f -> is(f, options)) ? files : List.of();
  }

  private static boolean isNote(Path file) {
    return isCalled(file, "readme") || isCalled(file, "license");
  }

  private static boolean isCalled(Path file, String part) {
    return Folder.name(file).toLowerCase(Locale.ROOT).contains(part);
  }

  /** The tables to judge by that belong to those training files. */
  static List<Path> testFiles(Folder folder, List<Path> trainFiles) {
    List<Path> others =
        folder.files().stream()
            .filter(f -> Folder.hasExtension(f, TABLES_OR_TEXTS) && !trainFiles.contains(f))
            .toList();
    List<Path> tests = others.stream().filter(f -> isCalled(f, "test")).toList();
    return tests.isEmpty() ? others.stream().filter(f -> isCalled(f, "val")).toList() : tests;
  }

  /** Tables to judge a model by: the test files of a folder where it has some, else all tables. */
  static DataSet judged(
      String name, Folder folder, DataOptions options, TablePreprocessing preprocessing) {
    List<Path> tables =
        folder.files().stream()
            .filter(f -> Folder.hasExtension(f, TABLES_OR_TEXTS) && !isNote(f) && is(f, options))
            .toList();
    if (tables.isEmpty()) {
      throw Mismatch.of(folder.path().toString(), preprocessing, "no .csv, .tsv, .txt or .data");
    }
    List<Path> train = tables.stream().filter(f -> isCalled(f, "train")).toList();
    List<Path> tests = testFiles(new Folder(folder.path(), tables, List.of()), train);
    Part part = tests.isEmpty() ? Part.ALL : Part.TEST_SPLIT;
    List<Path> all = train.isEmpty() ? tables : train;
    return JudgedTables.read(name, tests.isEmpty() ? all : tests, part, preprocessing);
  }

  static DataSet read(
      String name, List<Path> trainPaths, List<Path> testPaths, DataOptions options) {
    List<CsvFile> trainFiles = open(trainPaths, Optional.empty());
    CsvFile first = trainFiles.getFirst();
    List<CsvFile> testFiles = open(testPaths, Optional.of(first));
    CsvSchema.Surveyed surveyed = CsvSchema.of(trainFiles, options);
    CsvSchema schema = surveyed.schema();
    Table train = Table.read(trainFiles, schema, surveyed.rows());
    Optional<Table> test =
        testFiles.isEmpty()
            ? Optional.empty()
            : Optional.of(Table.read(testFiles, schema, rows(testFiles)));
    Contents contents =
        Contents.Table.of(schema, "", Optional.of(first.layout()), surveyed.columns());
    Source source = new Source("CSV", TableColumns.leftOut(schema), List.of());
    return Tables.dataSet(name, train, test, schema, contents, source, options.seed());
  }

  private static List<CsvFile> open(List<Path> paths, Optional<CsvFile> model) {
    List<CsvFile> files = paths.stream().map(CsvData::open).toList();
    CsvFile like = model.or(() -> files.stream().findFirst()).orElseThrow();
    for (CsvFile file : files) {
      if (!file.names().equals(like.names())) {
        throw new UserError(
            Phrase.of(
                "%s: expected the columns of %s (%s), found %s",
                file.path(),
                like.path(),
                String.join(", ", like.names()),
                String.join(", ", file.names())));
      }
    }
    return files;
  }

  static CsvFile open(Path path) {
    char delimiter =
        CsvSniffer.likely(path)
            .orElseThrow(() ->
                new UserError(
                    path
                        + ": expected a table with columns separated by comma, semicolon, tab or |, found none of them"));
    return CsvFile.open(path, delimiter);
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
