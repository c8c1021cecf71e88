package io.dlion.data.table;

import io.dlion.core.Phrase;
import io.dlion.core.UserError;
import io.dlion.data.DataOptions;
import io.dlion.data.file.Folder;
import io.dlion.data.file.LeftOut;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The tables in a folder: those called something with "train" are to learn from, or the only one;
 * those with "test" (or else "val") are to judge by.
 *
 * @param train to learn from; empty where there are none
 * @param test to judge by
 * @param leftOut files that are not used
 */
public record TableFolder(List<Path> train, List<Path> test, List<LeftOut> leftOut) {
  private static final List<String> TABLES = List.of("csv", "tsv", "data");
  private static final List<String> TABLES_OR_TEXTS = List.of("csv", "tsv", "data", "txt");

  /** Copies the lists. */
  public TableFolder {
    train = List.copyOf(train);
    test = List.copyOf(test);
    leftOut = List.copyOf(leftOut);
  }

  /** Whether a file is a table: by its name, or else by its first lines. */
  public static boolean isTable(Path file, DataOptions options) {
    return Folder.hasExtension(file, TABLES)
        || (Folder.hasExtension(file, TABLES_OR_TEXTS) && CsvOpener.isTable(file, options));
  }

  /**
   * Looks for tables.
   *
   * @throws UserError where there are several and none is called train
   */
  public static TableFolder of(Folder folder, DataOptions options) {
    List<Path> tables = tables(folder, options);
    List<Path> named = tables.stream().filter(f -> isCalled(f, "train")).toList();
    List<Path> tests = tests(tables, named);
    List<Path> others = new ArrayList<>(tables);
    others.removeAll(tests);
    List<Path> train = named.isEmpty() && !others.isEmpty() ? others : named;
    if (named.isEmpty() && train.size() > 1) {
      throw new UserError(
          Phrase.of(
              "%s: expected one table, or one called train.csv, found %s; name one file, or rename them",
              folder.path(), String.join(", ", train.stream().map(Folder::name).toList())));
    }
    if (train.isEmpty()) {
      return new TableFolder(tests, List.of(), leftOut(folder, tables, tests));
    }
    List<Path> used = new ArrayList<>(train);
    used.addAll(tests);
    return new TableFolder(train, tests, leftOut(folder, tables, used));
  }

  /** Tables to judge a model by: the test files of a folder where it has some, else all tables. */
  static TableFolder judged(Folder folder, DataOptions options) {
    List<Path> tables = tables(folder, options);
    List<Path> train = tables.stream().filter(f -> isCalled(f, "train")).toList();
    return new TableFolder(train.isEmpty() ? tables : train, tests(tables, train), List.of());
  }

  /** Whether a table in a folder is called train. */
  public static boolean hasTrain(Folder folder) {
    return folder.files().stream()
        .anyMatch(f -> Folder.hasExtension(f, TABLES_OR_TEXTS) && isCalled(f, "train"));
  }

  private static List<Path> tables(Folder folder, DataOptions options) {
    return folder.files().stream().filter(f -> !isNote(f) && isTable(f, options)).toList();
  }

  private static List<Path> tests(List<Path> tables, List<Path> train) {
    List<Path> others = tables.stream().filter(f -> !train.contains(f)).toList();
    List<Path> tests = others.stream().filter(f -> isCalled(f, "test")).toList();
    return tests.isEmpty() ? others.stream().filter(f -> isCalled(f, "val")).toList() : tests;
  }

  private static List<LeftOut> leftOut(Folder folder, List<Path> tables, List<Path> used) {
    return folder.files().stream()
        .filter(f -> !used.contains(f) && !isNote(f))
        .map(f ->
            new LeftOut(
                Folder.name(f), tables.contains(f) ? "not called train or test" : "no table"))
        .toList();
  }

  private static boolean isNote(Path file) {
    return isCalled(file, "readme") || isCalled(file, "license");
  }

  private static boolean isCalled(Path file, String part) {
    return Folder.name(file).toLowerCase(Locale.ROOT).contains(part);
  }
}
