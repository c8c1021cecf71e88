package io.dlion.data.preprocessing;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.dlion.core.Phrase;
import io.dlion.core.UserError;
import io.dlion.data.file.ComposedNames;
import io.dlion.data.schema.CsvColumn;
import io.dlion.data.schema.CsvSchema;
import io.dlion.data.schema.Invalid;
import java.util.ArrayList;
import java.util.List;

/** Reads what {@link PreprocessingWriter} wrote, trusting nothing in it. */
final class PreprocessingReader {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private PreprocessingReader() {}

  static Preprocessing read(String text, String place) {
    try {
      JsonNode json = JSON.readTree(text);
      int version = integer(json, "version");
      Invalid.unless(
          version == PreprocessingWriter.VERSION,
          Phrase.of("version %d, this program knows %d", version, PreprocessingWriter.VERSION));
      String kind = text(json, "kind");
      return switch (kind) {
        case "images" ->
            new ImagePreprocessing(
                integer(json, "height"),
                integer(json, "width"),
                json.has("resized") && bool(json, "resized"),
                standards(json),
                integer(json, "classes"),
                texts(json, "classNames"));
        case "table" ->
            new TablePreprocessing(
                schema(json),
                json.has("steps") ? integer(json, "steps") : 0,
                standards(json),
                standard(json.path("targetMean"), json.path("targetDeviation")));
        case "text" ->
            new TextPreprocessing(integer(json, "sequenceLength"), text(json, "symbols"));
        default -> throw new IllegalArgumentException("found kind " + kind);
      };
    } catch (JacksonException e) {
      throw new UserError(problem(place, "found no JSON: " + e.getOriginalMessage()), e);
    } catch (IllegalArgumentException e) {
      throw new UserError(problem(place, String.valueOf(e.getMessage())), e);
    }
  }

  private static String problem(String place, String found) {
    return Phrase.of(
        "%s: expected how the training data was prepared, as dlion train writes it, %s",
        place, found);
  }

  private static CsvSchema schema(JsonNode json) {
    List<String> names = new ArrayList<>();
    List<CsvColumn> columns = new ArrayList<>();
    for (JsonNode column : array(json, "columns")) {
      names.add(ComposedNames.composed(text(column, "name")));
      String use = text(column, "use");
      columns.add(
          switch (use) {
            case "number" -> new CsvColumn.Numeric(column.path("unit").asText(""));
            case "words" -> new CsvColumn.Category(texts(column, "words"));
            case "sequence" -> new CsvColumn.Sequence();
            case "left out" -> new CsvColumn.LeftOut(text(column, "reason"));
            default -> throw new IllegalArgumentException("found use " + use);
          });
    }
    return new CsvSchema(names, columns, integer(json, "label"));
  }

  private static List<Standard> standards(JsonNode json) {
    JsonNode means = array(json, "mean");
    JsonNode deviations = array(json, "deviation");
    Invalid.unless(
        means.size() == deviations.size(),
        means.size() + " means and " + deviations.size() + " deviations");
    List<Standard> standards = new ArrayList<>();
    for (int i = 0; i < means.size(); i++) {
      standards.add(standard(means.path(i), deviations.path(i)));
    }
    return standards;
  }

  private static Standard standard(JsonNode mean, JsonNode deviation) {
    Standard standard = new Standard(mean.asDouble(), deviation.asDouble());
    Invalid.unless(
        mean.isNumber() && deviation.isNumber() && standard.isFinite() && deviation.asDouble() > 0,
        Phrase.of("mean %s and deviation %s", mean, deviation));
    return standard;
  }

  private static List<String> texts(JsonNode json, String key) {
    List<String> texts = new ArrayList<>();
    for (JsonNode text : array(json, key)) {
      Invalid.unless(text.isTextual(), "something else than texts in " + key);
      texts.add(ComposedNames.composed(text.asText()));
    }
    return texts;
  }

  private static JsonNode array(JsonNode json, String key) {
    JsonNode value = json.path(key);
    Invalid.unless(value.isArray(), "no list " + key);
    return value;
  }

  private static String text(JsonNode json, String key) {
    JsonNode value = json.path(key);
    Invalid.unless(value.isTextual(), "no text " + key);
    return value.asText();
  }

  private static boolean bool(JsonNode json, String key) {
    JsonNode value = json.path(key);
    Invalid.unless(value.isBoolean(), "no yes or no " + key);
    return value.asBoolean();
  }

  private static int integer(JsonNode json, String key) {
    JsonNode value = json.path(key);
    Invalid.unless(value.isInt(), "no whole number " + key);
    return value.asInt();
  }
}
