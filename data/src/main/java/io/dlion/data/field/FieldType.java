package io.dlion.data.field;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What a field of a table holds. */
public enum FieldType {
  NUMBER,
  DATE,
  WORD,
  MISSING;

  /** Share of the fields of a column that must be of one type. */
  private static final double MOST = 0.8;

  /** What kind of value this is. */
  public static FieldType of(String field, Numerals numerals) {
    if (Missing.is(field)) {
      return MISSING;
    }
    if (numerals.parse(Units.without(field, Units.of(field))).isPresent()) {
      return NUMBER;
    }
    return ColumnSurvey.isDateOrTime(field) ? DATE : WORD;
  }

  /** The type of most fields that are not missing; words where none has most. */
  public static FieldType ofMost(List<String> fields, Numerals numerals) {
    Map<FieldType, Integer> counts = new EnumMap<>(FieldType.class);
    fields.forEach(field -> counts.merge(of(field, numerals), 1, Integer::sum));
    int present = fields.size() - counts.getOrDefault(MISSING, 0);
    if (present == 0) {
      return MISSING;
    }
    if (counts.getOrDefault(NUMBER, 0) >= MOST * present) {
      return NUMBER;
    }
    return counts.getOrDefault(DATE, 0) >= MOST * present ? DATE : WORD;
  }
}
