package io.dlion.data;

import io.dlion.data.file.LeftOut;
import io.dlion.data.schema.TableColumn;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Turns what was recognised into fields for JSON, in a fixed order. */
final class RecognisedFields {
  private RecognisedFields() {}

  static Map<String, Object> of(Recognised data) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("name", data.name());
    fields.put("description", data.line());
    fields.put("kind", data.contents().kind().key());
    fields.put("format", data.source().format());
    fields.put("trainExamples", data.trainExamples());
    fields.put("testExamples", data.testExamples());
    fields.put("testSplit", data.testSplit().meaning());
    switch (data.contents()) {
      case Contents.Images images -> put(fields, images);
      case Contents.Text text -> put(fields, text);
      case Contents.Table table -> put(fields, table);
    }
    fields.put("classes", data.classes().stream().map(RecognisedFields::fields).toList());
    fields.put("leftOut", data.source().leftOut().stream().map(RecognisedFields::fields).toList());
    fields.put("notes", data.source().notes());
    return fields;
  }

  private static void put(Map<String, Object> fields, Contents.Images images) {
    fields.put("width", images.width());
    fields.put("height", images.height());
    fields.put("channels", images.channels());
  }

  private static void put(Map<String, Object> fields, Contents.Text text) {
    fields.put("characters", text.characters());
    fields.put("symbols", text.symbols());
    fields.put("sequenceLength", text.sequenceLength());
  }

  private static void put(Map<String, Object> fields, Contents.Table table) {
    fields.put("features", table.features());
    if (table.steps() > 0) {
      fields.put("steps", table.steps());
    }
    table.sequenceBy().ifPresent(name -> fields.put("sequenceBy", name));
    fields.put("label", table.label());
    fields.put("task", table.task().key());
    table
        .layout()
        .ifPresent(layout -> {
          fields.put("delimiter", layout.delimiterName());
          fields.put("decimal", layout.decimalName());
          fields.put("header", layout.header());
        });
    fields.put("columns", columns(table.columns()));
  }

  private static List<Map<String, Object>> columns(List<TableColumn> columns) {
    return columns.stream()
        .map(column -> {
          Map<String, Object> fields = new LinkedHashMap<>();
          fields.put("name", column.name());
          fields.put("type", column.type());
          fields.put("role", column.role().name().toLowerCase(Locale.ROOT).replace('_', '-'));
          fields.put("values", column.values());
          return fields;
        })
        .toList();
  }

  private static Map<String, Object> fields(LeftOut left) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("what", left.what());
    fields.put("why", left.why());
    return fields;
  }

  private static Map<String, Object> fields(ClassCount count) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("name", count.name());
    fields.put("train", count.train());
    fields.put("test", count.test());
    return fields;
  }
}
