package io.dlion.data.table;

import io.dlion.data.csv.TableRows.Row;
import io.dlion.data.field.FieldType;
import io.dlion.data.field.Numerals;
import io.dlion.data.field.TableNumbers;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Tells whether the first row of a table names the columns, by comparing the type of each of its
 * fields with the types below it. Names may be numbers too: pandas writes 0, 1, 2, … for columns
 * without names, and tables of spectra or years have them.
 */
final class HeaderFinder {
  /** Fewer columns than this could be 1, 2, 3 by chance. */
  private static final int COUNTED_COLUMNS_MIN = 5;

  private final List<String> first;
  private final List<Row> below;
  private final Numerals numerals;

  private HeaderFinder(List<String> first, List<Row> below, Numerals numerals) {
    this.first = first;
    this.below = below;
    this.numerals = numerals;
  }

  static boolean isHeader(List<String> first, List<Row> below, Numerals numerals) {
    return new HeaderFinder(first, below, numerals).decide();
  }

  private boolean decide() {
    List<Integer> numbers = new ArrayList<>();
    int unlike = 0;
    int present = 0;
    for (int c = 0; c < first.size(); c++) {
      FieldType type = type(first.get(c));
      FieldType typeBelow = typeBelow(c);
      present += type == FieldType.MISSING ? 0 : 1;
      if (type == FieldType.NUMBER) {
        numbers.add(c);
      }
      if (type == FieldType.DATE && typeBelow == FieldType.DATE) {
        return false;
      }
      unlike += isUnlike(c, type, typeBelow) ? 1 : 0;
    }
    if (numbers.isEmpty()) {
      return unlike > 0 || !mostOccurBelow();
    }
    if (aLabelIsNew()) {
      return true;
    }
    if (!lookLikeNames(numbers)) {
      return false;
    }
    return unlike > 0 || aWordIsNew() || (numbers.size() == present && areCounted(numbers));
  }

  /** Whether a field is of another type than the column below it, as names are. */
  private boolean isUnlike(int column, FieldType type, FieldType below) {
    return switch (below) {
      case NUMBER, DATE ->
          type == FieldType.MISSING ? column == 0 && !valuesBelow(0).contains("") : type != below;
      case WORD -> type == FieldType.NUMBER && !valuesBelow(column).contains(first.get(column));
      case MISSING -> false;
    };
  }

  /** In a table of words alone, a row of values is like the rows below it. */
  private boolean mostOccurBelow() {
    int occur = 0;
    for (int c = 0; c < first.size(); c++) {
      occur += valuesBelow(c).contains(first.get(c)) ? 1 : 0;
    }
    return 2 * occur >= first.size();
  }

  /** Whether a column of few words does not have the first one again. */
  private boolean aWordIsNew() {
    for (int c = 0; c < first.size(); c++) {
      if (isNewWord(c) && 2 * valuesBelow(c).size() <= below.size()) {
        return true;
      }
    }
    return false;
  }

  /** Whether a column is called label, which stands nowhere below. */
  private boolean aLabelIsNew() {
    for (int c = 0; c < first.size(); c++) {
      if (LabelColumn.isKnownName(first.get(c)) && !valuesBelow(c).contains(first.get(c))) {
        return true;
      }
    }
    return false;
  }

  private boolean isNewWord(int column) {
    return type(first.get(column)) == FieldType.WORD
        && typeBelow(column) == FieldType.WORD
        && !valuesBelow(column).contains(first.get(column));
  }

  /** Numbers that count up, that are whole above fractions, or that rise or fall all along. */
  private boolean lookLikeNames(List<Integer> columns) {
    boolean wholeAboveFractions =
        columns.stream().allMatch(c -> isWhole(first.get(c)))
            && columns.stream().anyMatch(this::hasFractionsBelow);
    return countUp(columns)
        || (isMonotone(columns) && (wholeAboveFractions || columns.size() >= COUNTED_COLUMNS_MIN));
  }

  /** All columns counted from 0 or 1. */
  private boolean areCounted(List<Integer> columns) {
    double begin = number(first.getFirst());
    return countUp(columns)
        && (begin == 0 || begin == 1)
        && (columns.size() >= COUNTED_COLUMNS_MIN
            || columns.stream().anyMatch(this::hasFractionsBelow)
            || 2 * columns.stream().filter(this::isOutside).count() >= columns.size());
  }

  /** Whether a number is less or greater than all below it. */
  private boolean isOutside(int column) {
    double number = number(first.get(column));
    DoubleSummaryStatistics range =
        fieldsBelow(column).stream()
            .mapToDouble(this::number)
            .filter(Double::isFinite)
            .summaryStatistics();
    return number < range.getMin() || number > range.getMax();
  }

  private boolean countUp(List<Integer> columns) {
    for (int i = 1; i < columns.size(); i++) {
      if (value(columns, i) != value(columns, i - 1) + 1) {
        return false;
      }
    }
    return columns.size() > 1 && isWhole(first.get(columns.getFirst()));
  }

  private boolean isMonotone(List<Integer> columns) {
    boolean rising = true;
    boolean falling = true;
    for (int i = 1; i < columns.size(); i++) {
      rising &= value(columns, i) > value(columns, i - 1);
      falling &= value(columns, i) < value(columns, i - 1);
    }
    return rising || falling;
  }

  private double value(List<Integer> columns, int i) {
    return number(first.get(columns.get(i)));
  }

  private double number(String field) {
    return numerals.parse(field).orElse(Double.NaN);
  }

  private boolean isWhole(String field) {
    return TableNumbers.isWhole(number(field));
  }

  private boolean hasFractionsBelow(int column) {
    return fieldsBelow(column).stream().anyMatch(f -> type(f) == FieldType.NUMBER && !isWhole(f));
  }

  private FieldType type(String field) {
    return FieldType.of(field, numerals);
  }

  private FieldType typeBelow(int column) {
    return FieldType.ofMost(fieldsBelow(column), numerals);
  }

  private Set<String> valuesBelow(int column) {
    return new HashSet<>(fieldsBelow(column));
  }

  private List<String> fieldsBelow(int column) {
    return below.stream()
        .map(row -> column < row.fields().size() ? row.fields().get(column) : "")
        .toList();
  }
}
