package io.dlion.data.preprocessing;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dlion.data.schema.CsvColumn;
import java.util.List;

/**
 * Writes a {@link Preprocessing} as one line of JSON. Numbers are written with as many digits as it
 * takes to read the same bits back.
 */
final class PreprocessingWriter {
  static final int VERSION = 1;

  private PreprocessingWriter() {}

  static String write(Preprocessing preprocessing) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("version", VERSION);
    switch (preprocessing) {
      case ImagePreprocessing images -> write(images, json);
      case TablePreprocessing table -> write(table, json);
      case TextPreprocessing text ->
          json.put("kind", "text")
              .put("sequenceLength", text.sequenceLength())
              .put("symbols", text.symbols());
    }
    return json.toString();
  }

  private static void write(ImagePreprocessing images, ObjectNode json) {
    json.put("kind", "images").put("height", images.height()).put("width", images.width());
    if (images.resized()) {
      json.put("resized", true);
    }
    put(json, images.scales());
    json.put("classes", images.classes());
    strings(json.putArray("classNames"), images.classNames());
  }

  private static void write(TablePreprocessing table, ObjectNode json) {
    json.put("kind", "table");
    ArrayNode columns = json.putArray("columns");
    for (int c = 0; c < table.schema().columns().size(); c++) {
      ObjectNode column = columns.addObject().put("name", table.schema().names().get(c));
      switch (table.schema().columns().get(c)) {
        case CsvColumn.Numeric(String unit) -> {
          column.put("use", "number");
          if (!unit.isEmpty()) {
            column.put("unit", unit);
          }
        }
        case CsvColumn.Category(List<String> values) ->
            strings(column.put("use", "words").putArray("words"), values);
        case CsvColumn.Sequence _ -> column.put("use", "sequence");
        case CsvColumn.LeftOut(String reason) ->
            column.put("use", "left out").put("reason", reason);
      }
    }
    json.put("label", table.schema().label());
    if (table.steps() > 0) {
      json.put("steps", table.steps());
    }
    put(json, table.features());
    json.put("targetMean", table.target().mean());
    json.put("targetDeviation", table.target().deviation());
  }

  private static void put(ObjectNode json, List<Standard> standards) {
    ArrayNode means = json.putArray("mean");
    standards.forEach(s -> means.add(s.mean()));
    ArrayNode deviations = json.putArray("deviation");
    standards.forEach(s -> deviations.add(s.deviation()));
  }

  private static void strings(ArrayNode array, List<String> texts) {
    texts.forEach(array::add);
  }
}
