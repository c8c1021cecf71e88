package io.dlion.data.record;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.dlion.core.Phrase;
import io.dlion.data.csv.CsvLine;
import io.dlion.data.file.ComposedNames;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The fields of one record by the names of the columns, as texts. Holds the last record that was
 * read. Confined to one thread.
 */
final class FieldTexts {
  private static final JsonFactory JSON = new JsonFactory();

  private final List<String> names;
  private final Map<String, Integer> places = new HashMap<>();
  private final @Nullable String[] texts;
  private final JsonToken[] tokens;

  /** Places of these names; of two columns with one name, only the first can be found. */
  FieldTexts(List<String> names) {
    this.names = names;
    this.texts = new @Nullable String[names.size()];
    this.tokens = new JsonToken[names.size()];
    for (int c = 0; c < names.size(); c++) {
      places.putIfAbsent(names.get(c), c);
    }
  }

  /** Number of columns. */
  int size() {
    return names.size();
  }

  /** What stands in a column; null where the record does not have it. */
  @Nullable String text(int column) {
    return texts[column];
  }

  /** Whether it is a number of JSON, whose decimal mark is a point. */
  boolean isJsonNumber(int column) {
    return tokens[column].isNumeric();
  }

  /** Whether it is true or false of JSON. */
  boolean isJsonBoolean(int column) {
    return tokens[column].isBoolean();
  }

  /** Reads an object; fields with other names are passed over. */
  void json(byte[] record) throws UnfitRecordException {
    Received.checked(record);
    Arrays.fill(texts, null);
    try (JsonParser parser = JSON.createParser(record)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new UnfitRecordException(
            "json", "expected a JSON object {…}, found " + token(parser.currentToken()));
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        field(parser);
      }
      JsonToken more = parser.nextToken();
      if (more != null) {
        throw new UnfitRecordException("json", "expected one JSON object, found more behind it");
      }
    } catch (JsonProcessingException e) {
      throw new UnfitRecordException(
          "json",
          Phrase.of(
              "expected JSON, found at offset %,d: %s",
              e.getLocation() == null ? 0 : e.getLocation().getByteOffset(),
              ClassNumbers.shortened(String.valueOf(e.getOriginalMessage()))),
          e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void field(JsonParser parser) throws IOException, UnfitRecordException {
    Integer place = places.get(ComposedNames.composed(parser.currentName()));
    JsonToken token = parser.nextToken();
    if (place == null) {
      parser.skipChildren();
      return;
    }
    if (token.isStructStart()) {
      throw new UnfitRecordException(
          "nested:" + names.get(place),
          Phrase.of("'%s': expected a number or a word, found %s", names.get(place), token(token)));
    }
    if (texts[place] != null) {
      throw new UnfitRecordException(
          "json", Phrase.of("expected '%s' once, found it twice", names.get(place)));
    }
    texts[place] = token == JsonToken.VALUE_NULL ? "" : parser.getText();
    tokens[place] = token;
  }

  private static String token(@Nullable JsonToken token) {
    return switch (token) {
      case null -> "nothing";
      case START_ARRAY -> "a list";
      case START_OBJECT -> "an object";
      default -> "a single value";
    };
  }

  /**
   * Reads one line of a table.
   *
   * @param orders for each field of a line, the column it belongs to, or -1; one order for each
   *     number of fields that a line may have
   */
  void csv(byte[] record, char delimiter, List<int[]> orders) throws UnfitRecordException {
    List<String> fields;
    try {
      fields = CsvLine.fields(Received.text(record), delimiter);
    } catch (IllegalArgumentException e) {
      throw new UnfitRecordException("csv", String.valueOf(e.getMessage()), e);
    }
    for (int[] order : orders) {
      if (order.length == fields.size()) {
        take(fields, order);
        return;
      }
    }
    throw UnfitRecordException.expected(
        "fields",
        Phrase.of("%d fields, as there are columns", orders.getFirst().length),
        Phrase.of("%d", fields.size()));
  }

  /** Takes fields that are already parted. */
  void take(List<String> fields, int[] order) {
    Arrays.fill(texts, null);
    Arrays.fill(tokens, JsonToken.VALUE_STRING);
    for (int i = 0; i < order.length; i++) {
      if (order[i] >= 0) {
        texts[order[i]] = fields.get(i);
      }
    }
  }
}
