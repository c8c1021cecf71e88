package io.dlion.data.record;

import io.dlion.core.Phrase;
import io.dlion.core.UserError;
import io.dlion.core.settings.Nearest;
import io.dlion.data.csv.Delimiters;
import io.dlion.data.file.ComposedNames;
import io.dlion.data.schema.LabelTask;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Reads the schema of a stream's records from the values of a job. Used once. */
final class SchemaReader {
  private static final int SIDE_MAX = 1 << 15;
  private static final int CLASSES_MAX = Short.MAX_VALUE;
  private static final List<String> KEYS =
      List.of(
          "format",
          "features",
          "label",
          "classes",
          "task",
          "columns",
          "delimiter",
          "type",
          "label-at",
          "shape",
          "mean",
          "std");

  private final String place;
  private final Map<String, ?> values;

  SchemaReader(String place, Map<String, ?> values) {
    this.place = place;
    this.values = values;
  }

  RecordSchema read() {
    for (String key : values.keySet()) {
      if (!KEYS.contains(key)) {
        throw new UserError(
            Phrase.of(
                "%s: unknown key '%s', there are %s%s",
                place, key, String.join(", ", KEYS), Nearest.hint(key, KEYS)));
      }
    }
    RecordFormat format =
        oneOf("format", RecordFormat.values(), RecordFormat::key)
            .orElseThrow(() -> expected("format", "json, csv, raw or image", "nothing"));
    List<Integer> shape = shape();
    List<String> features = features(format, shape);
    Optional<LabelTask> task = oneOf("task", LabelTask.values(), LabelTask::key);
    List<String> classes = classes();
    if (task.isPresent() && task.get() == LabelTask.REGRESSION && !classes.isEmpty()) {
      throw expected("classes", "none, since the task is regression", String.join(", ", classes));
    }
    Optional<String> label = Optional.ofNullable(values.get("label")).map(v -> text("label", v));
    if (label.isPresent() && features.contains(label.get())) {
      throw expected("label", "a column that is not among the features", label.get());
    }
    List<String> scaled = shape.size() == 3 ? numbered(0, shape.getFirst()) : features;
    return new RecordSchema(
        format,
        features,
        label,
        classes,
        task,
        names("columns"),
        Optional.ofNullable(values.get("delimiter")).map(this::delimiter),
        oneOf("type", RawLayout.Type.values(), RawLayout.Type::key),
        oneOf("label-at", RawLayout.Label.values(), RawLayout.Label::key),
        shape,
        statistics("mean", scaled, label, false),
        statistics("std", scaled, label, true));
  }

  private List<String> features(RecordFormat format, List<Integer> shape) {
    List<String> named = names("features");
    boolean rows = shape.size() == 1;
    if (rows && !named.isEmpty() && named.size() != shape.getFirst()) {
      throw expected("features", shape.getFirst() + " names as the shape says", named.size() + "");
    }
    return rows && named.isEmpty() && format == RecordFormat.RAW
        ? IntStream.rangeClosed(1, shape.getFirst()).mapToObj(i -> "x" + i).toList()
        : named;
  }

  private List<Integer> shape() {
    List<Integer> shape = list("shape").stream().map(v -> whole("shape", v, SIDE_MAX)).toList();
    boolean known = shape.isEmpty() || shape.size() == 1 || shape.size() == 3;
    if (!known || (shape.size() == 3 && shape.getFirst() != 1 && shape.getFirst() != 3)) {
      throw expected(
          "shape", "[channels, height, width] with 1 or 3 channels, or [numbers]", shape + "");
    }
    return shape;
  }

  /** Names, or how many there are: then they are called by their numbers from 0. */
  private List<String> classes() {
    Object value = values.get("classes");
    if (value instanceof Number || (value instanceof String text && text.matches("\\d{1,9}"))) {
      return numbered(0, whole("classes", value, CLASSES_MAX));
    }
    List<String> names = names("classes");
    if (names.size() == 1) {
      throw expected("classes", "at least two", names.getFirst());
    }
    return names;
  }

  private static List<String> numbered(int from, int count) {
    return IntStream.range(from, from + count).mapToObj(Integer::toString).toList();
  }

  private List<String> names(String key) {
    List<String> names = list(key).stream().map(v -> text(key, v)).toList();
    if (new HashSet<>(names).size() != names.size()) {
      throw expected(key, "different names", String.join(", ", names));
    }
    return names;
  }

  private char delimiter(Object value) {
    String text = String.valueOf(value);
    return Delimiters.find(text)
        .orElseThrow(() -> expected("delimiter", "a character or its name", text));
  }

  /** One number for all, a list in the order of the names, or a map by name. */
  private Map<String, Double> statistics(
      String key, List<String> names, Optional<String> label, boolean positive) {
    Map<String, Double> numbers = new HashMap<>();
    Object value = values.get(key);
    if (value instanceof Map<?, ?> byName) {
      byName.forEach((name, number) -> {
        String column = text(key, name);
        if (!names.contains(column) && !label.map(column::equals).orElse(false)) {
          throw expected(key, "names of features", column);
        }
        numbers.put(column, number(key, number, positive));
      });
    } else if (value instanceof List<?> || String.valueOf(value).matches("\\[.*|.*,.*")) {
      List<?> all = list(key);
      if (all.size() != names.size()) {
        throw expected(key, names.size() + " numbers, one for each feature", all.size() + "");
      }
      for (int i = 0; i < names.size(); i++) {
        numbers.put(names.get(i), number(key, all.get(i), positive));
      }
    } else if (value != null) {
      names.forEach(name -> numbers.put(name, number(key, value, positive)));
    }
    return numbers;
  }

  private double number(String key, @Nullable Object value, boolean positive) {
    try {
      double number = Double.parseDouble(String.valueOf(value));
      if (Double.isFinite(number) && (!positive || number > 0)) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Told below.
    }
    throw expected(key, positive ? "positive numbers" : "numbers", String.valueOf(value));
  }

  private int whole(String key, @Nullable Object value, int maximum) {
    String text = String.valueOf(value);
    int number = text.matches("\\d{1,9}") ? Integer.parseInt(text) : 0;
    if (number < 1 || number > maximum) {
      throw expected(key, "whole numbers from 1 to " + maximum, text);
    }
    return number;
  }

  private String text(String key, @Nullable Object value) {
    if (value == null || value instanceof List<?> || value instanceof Map<?, ?>) {
      throw expected(key, "a name", String.valueOf(value));
    }
    String text = ComposedNames.composed(value.toString().strip());
    if (text.isEmpty()) {
      throw expected(key, "a name", "an empty one");
    }
    return text;
  }

  /** A list; or a text with commas, with or without brackets. */
  private List<?> list(String key) {
    Object value = values.get(key);
    if (value instanceof List<?> list) {
      return list;
    }
    if (value instanceof Map<?, ?>) {
      throw expected(key, "a list", value.toString());
    }
    String text = value == null ? "" : value.toString().strip().replaceAll("^\\[|\\]$", "");
    return text.isBlank() ? List.of() : List.of(text.split(",", -1));
  }

  private <E extends Enum<E>> Optional<E> oneOf(
      String key, E[] constants, Function<E, String> name) {
    Object value = values.get(key);
    if (value == null) {
      return Optional.empty();
    }
    String text = value.toString().strip();
    List<String> names = Arrays.stream(constants).map(name).toList();
    int index = names.indexOf(text);
    if (index < 0) {
      throw expected(key, "one of " + String.join(", ", names), text + Nearest.hint(text, names));
    }
    return Optional.of(constants[index]);
  }

  private UserError expected(String key, String expected, String found) {
    return new UserError(Phrase.of("%s: %s: expected %s, found %s", place, key, expected, found));
  }
}
