package io.dlion.cli.command;

import io.dlion.cli.console.Console;
import io.dlion.core.Phrase;
import io.dlion.data.ClassCount;
import io.dlion.data.Contents;
import io.dlion.data.DataSet;
import io.dlion.data.Recognised;
import io.dlion.data.schema.LabelTask;
import io.dlion.data.schema.TableColumn;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * What was recognised about a data set, as lines for people: a title, then a heading on the left
 * and what belongs to it on the right.
 */
final class DataText {
  private static final int CLASSES_SHOWN_MAX = 40;
  private static final int COLUMNS_SHOWN_MAX = 100;
  private static final int HEADING_LENGTH = 13;
  private static final int ROLE_LENGTH = 8;

  private final DataSet set;
  private final Recognised data;
  private final Console console;
  private final List<String> lines = new ArrayList<>();

  DataText(DataSet set, Console console) {
    this.set = set;
    this.data = set.recognised();
    this.console = console;
  }

  List<String> lines() {
    lines.add(console.bold(data.name()));
    entry("kind", List.of(data.contents().kind().key()));
    switch (data.contents()) {
      case Contents.Images images -> images(images);
      case Contents.Text text -> text(text);
      case Contents.Table table -> table(table);
    }
    entry("examples", List.of(examples()));
    entry("classes", classes());
    entry("left out", data.source().leftOut().stream().map(Object::toString).toList());
    entry("notes", data.source().notes());
    entry("fingerprint", List.of(set.fingerprint()));
    return lines;
  }

  private void images(Contents.Images images) {
    entry("format", List.of(data.source().format()));
    entry(
        "images",
        List.of(
            Phrase.of(
                "%d×%d pixels, %s",
                images.width(), images.height(), images.channels() == 1 ? "grey" : "colour")));
  }

  private void text(Contents.Text text) {
    entry("format", List.of(data.source().format()));
    entry(
        "text",
        List.of(
            Phrase.of("%,d characters, %,d different ones", text.characters(), text.symbols()),
            Phrase.of("sequences of %,d, to predict the next character", text.sequenceLength())));
  }

  private void table(Contents.Table table) {
    entry(
        "format",
        List.of(
            table
                .layout()
                .map(layout -> data.source().format() + ": " + layout)
                .orElse(data.source().format())));
    String task =
        table.task() == LabelTask.REGRESSION
            ? Phrase.of("regression of '%s'", table.label())
            : Phrase.of("classification of '%s', %,d classes", table.label(), table.classes());
    entry("task", List.of(table.choice().isEmpty() ? task : task + " (" + table.choice() + ")"));
    entry("series", series(table));
    entry("features", List.of(Phrase.of("%,d numbers of each row", table.features())));
    entry("columns", columns(table.columns()));
  }

  private static List<String> series(Contents.Table table) {
    if (table.steps() == 0) {
      return List.of();
    }
    return List.of(
        table
            .sequenceBy()
            .map(name ->
                Phrase.of(
                    "an example is all rows of one '%s', at most %,d, with their label",
                    name, table.steps()))
            .orElse(
                Phrase.of(
                    "an example is %,d rows, one after the other, with the label of the last",
                    table.steps())));
  }

  private static List<String> columns(List<TableColumn> columns) {
    List<TableColumn> shown = columns.stream().limit(COLUMNS_SHOWN_MAX).toList();
    int name = width(shown, TableColumn::name);
    int type = width(shown, TableColumn::type);
    List<String> rows = new ArrayList<>();
    for (TableColumn c : shown) {
      String left = padded(c.name(), name) + "  " + padded(c.type(), type);
      String row = left + "  " + padded(c.role().text(), ROLE_LENGTH) + "  " + c.values();
      rows.add(row.stripTrailing());
    }
    more(rows, columns.size() - shown.size(), "columns");
    return rows;
  }

  private String examples() {
    return Phrase.of(
        "%,d to learn from, %,d to judge by: %s",
        data.trainExamples(), data.testExamples(), data.testSplit().meaning());
  }

  private List<String> classes() {
    List<ClassCount> shown = data.classes().stream().limit(CLASSES_SHOWN_MAX).toList();
    int name = width(shown, ClassCount::name);
    List<String> rows = new ArrayList<>();
    if (!shown.isEmpty()) {
      rows.add(padded("", name) + Phrase.of("  %9s  %9s", "to learn", "to judge"));
      for (ClassCount c : shown) {
        rows.add(padded(c.name(), name) + Phrase.of("  %,9d  %,9d", c.train(), c.test()));
      }
      more(rows, data.classes().size() - shown.size(), "classes");
    }
    return rows;
  }

  private static void more(List<String> rows, int count, String what) {
    if (count > 0) {
      rows.add(Phrase.of("… and %,d more %s (--json lists all)", count, what));
    }
  }

  private static <T> int width(List<T> rows, Function<T, String> text) {
    return Math.max(1, rows.stream().map(text).mapToInt(String::length).max().orElse(1));
  }

  private static String padded(String text, int width) {
    return text + " ".repeat(Math.max(0, width - text.length()));
  }

  /** A heading, and lines beside and below it; nothing where there are none. */
  private void entry(String heading, List<String> values) {
    String left = heading;
    for (String value : values) {
      lines.add(padded(left, HEADING_LENGTH) + value);
      left = "";
    }
  }
}
