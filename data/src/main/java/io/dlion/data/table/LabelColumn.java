package io.dlion.data.table;

import io.dlion.core.Phrase;
import io.dlion.core.UserError;
import io.dlion.data.ClassList;
import io.dlion.data.DataOptions;
import io.dlion.data.csv.CsvFile;
import io.dlion.data.field.ColumnSurvey;
import io.dlion.data.field.TableNumbers;
import io.dlion.data.schema.CsvColumn;
import io.dlion.data.schema.LabelTask;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * The column to predict.
 *
 * @param column how it is used: as classes or as a number
 * @param choice why it and its task were chosen, and how to change that; empty where the options
 *     say both
 */
record LabelColumn(CsvColumn column, String choice) {
  private static final Set<String> NAMES = Set.of("label", "class", "target", "y");

  /** As many whole numbers are taken for classes, more for numbers to predict. */
  private static final int NUMBERED_CLASSES_MAX = 32;

  /** The most classes where classes are asked for. */
  private static final int CLASSES_MAX = 10_000;

  /** How many different values of the label are to be known. */
  static int classesMax(DataOptions options) {
    boolean asked = options.table().task().equals(Optional.of(LabelTask.CLASSIFICATION));
    return asked || !options.classes().isEmpty() ? CLASSES_MAX : ColumnSurvey.DISTINCT_MAX;
  }

  /**
   * The place of the label among the columns.
   *
   * @param sequence the place of the column that tells sequences apart; -1 where there is none
   */
  static int find(CsvFile file, DataOptions options, int sequence) {
    List<String> names = file.names();
    int last = names.size() - 1;
    int label =
        options
            .table()
            .label()
            .map(wanted -> NamedColumn.find(file, "--label", wanted))
            .or(() -> byKnownName(names, sequence))
            .orElse(last == sequence ? last - 1 : last);
    if (label == sequence) {
      throw new UserError(
          Phrase.of(
              "%s: column '%s' tells sequences apart and cannot be the label too; --label names"
                  + " another",
              file.path(), names.get(label)));
    }
    return label;
  }

  /** Whether a column of this name is the label where nothing else is said. */
  static boolean isKnownName(String name) {
    return NAMES.contains(name.toLowerCase(Locale.ROOT));
  }

  private static Optional<Integer> byKnownName(List<String> names, int sequence) {
    for (int c = 0; c < names.size(); c++) {
      if (c != sequence && isKnownName(names.get(c))) {
        return Optional.of(c);
      }
    }
    return Optional.empty();
  }

  /** What is asked of the label, and why. */
  static LabelColumn of(CsvFile file, int label, ColumnSurvey survey, DataOptions options) {
    String place = Phrase.of("%s: label column '%s'", file.path(), file.names().get(label));
    LabelTask task = options.table().task().orElseGet(() -> suiting(survey, options));
    if (task == LabelTask.REGRESSION && !options.classes().isEmpty()) {
      throw new UserError(
          place + ": --task regression predicts a number, classes names classes: leave one out");
    }
    int least = task == LabelTask.CLASSIFICATION ? 1 : 2;
    if (survey.values().size() < least) {
      throw new UserError(
          Phrase.of(
              "%s: expected different values, found %s; --label names another column",
              place, survey.isEmpty() ? "none" : String.join("", survey.values())));
    }
    CsvColumn column =
        switch (task) {
          case REGRESSION -> number(place, survey);
          case CLASSIFICATION ->
              options.classes().isEmpty()
                  ? classes(place, survey, classesMax(options))
                  : new CsvColumn.Category(canonical(file, options.classes()));
        };
    return new LabelColumn(column, choice(file, survey, task, options));
  }

  /** The classes as values of the column are kept: 1.0 as 1. */
  private static List<String> canonical(CsvFile file, List<String> classes) {
    return classes.stream()
        .map(name -> {
          OptionalDouble number = file.numerals().parse(name);
          return number.isPresent() ? TableNumbers.canonical(number.getAsDouble()) : name;
        })
        .toList();
  }

  /**
   * Fails at the first row whose class was not given.
   *
   * @param survey of the column: what it says decides whether rows are looked at
   */
  void requireGiven(List<CsvFile> files, int label, ColumnSurvey survey) {
    if (!(column instanceof CsvColumn.Category classes)
        || classes.values().containsAll(survey.values())) {
      return;
    }
    for (CsvFile file : files) {
      file.forEach((line, fields) -> {
        String found = fields.get(label);
        if (classes.indexOf(file.numerals(), found) < 0) {
          throw file.error(
              line,
              label,
              Phrase.of(
                  "found class '%s', %s",
                  found, ClassList.advice(classes.values(), "correct or remove such rows")));
        }
      });
    }
  }

  private static LabelTask suiting(ColumnSurvey survey, DataOptions options) {
    if (!options.classes().isEmpty()) {
      return LabelTask.CLASSIFICATION;
    }
    boolean number =
        isNumber(survey) && (!survey.isWhole() || survey.distinctCount() > NUMBERED_CLASSES_MAX);
    return number ? LabelTask.REGRESSION : LabelTask.CLASSIFICATION;
  }

  private static boolean isNumber(ColumnSurvey survey) {
    return survey.isNumeric() && survey.units().size() == 1;
  }

  private static CsvColumn number(String place, ColumnSurvey survey) {
    if (!isNumber(survey)) {
      throw new UserError(
          Phrase.of(
              "%s: --task regression: expected numbers%s, found %s; --label names another column",
              place,
              survey.isNumeric() ? " of one unit" : "",
              survey.isNumeric()
                  ? String.join(" and ", survey.units())
                  : "words such as '" + survey.values().getFirst() + "'"));
    }
    return new CsvColumn.Numeric(survey.units().getFirst());
  }

  private static CsvColumn classes(String place, ColumnSurvey survey, int most) {
    if (survey.distinctCount() > most) {
      throw new UserError(
          Phrase.of(
              "%s: expected at most %d classes, found more; is it the right column (--label)?%s",
              place,
              most,
              most < CLASSES_MAX
                  ? " --task classification allows " + CLASSES_MAX
                  : survey.isNumeric() ? " --task regression predicts a number" : ""));
    }
    return new CsvColumn.Category(survey.values());
  }

  private static String choice(
      CsvFile file, ColumnSurvey survey, LabelTask task, DataOptions options) {
    List<String> why = new ArrayList<>();
    List<String> flags = new ArrayList<>();
    if (options.table().label().isEmpty()) {
      why.add(byKnownName(file.names(), -1).isPresent() ? "by its name" : "the last column");
      flags.add("--label");
    }
    if (options.table().task().isEmpty() && options.classes().isEmpty() && isNumber(survey)) {
      why.add(
          task == LabelTask.CLASSIFICATION
              ? "whole numbers taken as classes"
              : survey.isWhole()
                  ? Phrase.of(
                      "more than %d whole numbers, not taken as classes", NUMBERED_CLASSES_MAX)
                  : "numbers with fractions");
      flags.add(task == LabelTask.CLASSIFICATION ? "--task regression" : "--task classification");
    }
    return flags.isEmpty()
        ? ""
        : String.join(", ", why)
            + "; "
            + String.join(" or ", flags)
            + (flags.size() == 1 ? " changes it" : " change it");
  }
}
