package io.dlion.data.table;

import io.dlion.core.Phrase;
import io.dlion.core.UserError;
import io.dlion.data.DataOptions;
import io.dlion.data.csv.CsvFile;
import io.dlion.data.field.ColumnSurvey;
import io.dlion.data.schema.CsvColumn;
import io.dlion.data.schema.LabelTask;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
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
    return options.table().task().equals(Optional.of(LabelTask.CLASSIFICATION))
        ? CLASSES_MAX
        : ColumnSurvey.DISTINCT_MAX;
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
    LabelTask task = options.table().task().orElseGet(() -> suiting(survey));
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
          case CLASSIFICATION -> classes(place, survey, classesMax(options));
        };
    return new LabelColumn(column, choice(file, survey, task, options));
  }

  private static LabelTask suiting(ColumnSurvey survey) {
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
    if (options.table().task().isEmpty() && isNumber(survey)) {
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
