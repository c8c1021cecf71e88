package io.dlion.data.schema;

import io.dlion.data.field.ColumnSurvey;
import io.dlion.data.file.LeftOut;
import java.util.ArrayList;
import java.util.List;

/** Describes the columns of a table. */
public final class TableColumns {
  private TableColumns() {}

  /** By their use alone. */
  public static List<TableColumn> of(CsvSchema schema) {
    List<TableColumn> columns = new ArrayList<>();
    for (int c = 0; c < schema.columns().size(); c++) {
      columns.add(column(schema, c, ""));
    }
    return List.copyOf(columns);
  }

  /** By their use and by what a first pass found in them. */
  public static List<TableColumn> of(CsvSchema schema, List<ColumnSurvey> surveys) {
    List<TableColumn> columns = new ArrayList<>();
    for (int c = 0; c < schema.columns().size(); c++) {
      columns.add(column(schema, c, surveys.get(c).range()));
    }
    return List.copyOf(columns);
  }

  private static TableColumn column(CsvSchema schema, int c, String range) {
    String name = schema.names().get(c);
    TableColumn.Role role = c == schema.label() ? TableColumn.Role.LABEL : TableColumn.Role.FEATURE;
    return switch (schema.columns().get(c)) {
      case CsvColumn.Numeric(String unit) ->
          new TableColumn(name, unit.isEmpty() ? "number" : "number, " + unit, role, range);
      case CsvColumn.Category words ->
          new TableColumn(name, counted(words.width(), role), role, words.shown());
      case CsvColumn.Sequence _ ->
          new TableColumn(name, "one value a sequence", TableColumn.Role.SEQUENCE, range);
      case CsvColumn.LeftOut(String reason) ->
          new TableColumn(name, reason, TableColumn.Role.LEFT_OUT, range);
    };
  }

  private static String counted(int words, TableColumn.Role role) {
    String one = role == TableColumn.Role.LABEL ? "class" : "word";
    String several = role == TableColumn.Role.LABEL ? "classes" : "words";
    return words + " " + (words == 1 ? one : several);
  }

  /** The columns that are not used. */
  public static List<LeftOut> leftOut(CsvSchema schema) {
    List<LeftOut> all = new ArrayList<>();
    for (int c = 0; c < schema.columns().size(); c++) {
      if (schema.columns().get(c) instanceof CsvColumn.LeftOut(String reason)) {
        all.add(new LeftOut("column '" + schema.names().get(c) + "'", reason));
      }
    }
    return all;
  }
}
