package io.dlion.monitor.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dlion.core.UserError;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the fields of a JSON object one by one, with errors that say where. Not thread safe. */
final class JsonFields {
  private final JsonNode json;
  private final String where;
  private final Set<String> seen = new HashSet<>();

  /**
   * @param json what should be an object
   * @param where the file, and the place in it
   */
  JsonFields(JsonNode json, String where) {
    this.json = json;
    this.where = where;
  }

  /** Whether there is such a field, which files of earlier versions may lack. */
  boolean has(String key) {
    return json.has(key);
  }

  /** A number; NaN for null. */
  double number(String key) {
    JsonNode value = find(key, "a number or null");
    return value.isNull() ? Double.NaN : check(value, value.isNumber(), key, "a number").asDouble();
  }

  long integer(String key) {
    JsonNode value = find(key, "a whole number");
    boolean whole = value.isIntegralNumber() && value.canConvertToLong();
    return check(value, whole, key, "a whole number").asLong();
  }

  String text(String key) {
    JsonNode value = find(key, "a text");
    return check(value, value.isTextual(), key, "a text").asText();
  }

  JsonNode array(String key) {
    JsonNode value = find(key, "a list");
    return check(value, value.isArray(), key, "a list");
  }

  /** All fields that were not asked for, as plain values. */
  Map<String, @Nullable Object> others(ObjectMapper mapper) {
    Map<String, @Nullable Object> others = new LinkedHashMap<>();
    json.properties().stream()
        .filter(e -> !seen.contains(e.getKey()))
        .forEach(e -> others.put(e.getKey(), mapper.convertValue(e.getValue(), Object.class)));
    return others;
  }

  private JsonNode find(String key, String expected) {
    seen.add(key);
    JsonNode value = json.get(key);
    if (value == null) {
      throw new UserError(where + ": '" + key + "' is missing, expected " + expected);
    }
    return value;
  }

  private JsonNode check(JsonNode value, boolean good, String key, String expected) {
    if (!good) {
      throw new UserError(where + ": '" + key + "': expected " + expected + ", found " + value);
    }
    return value;
  }
}
