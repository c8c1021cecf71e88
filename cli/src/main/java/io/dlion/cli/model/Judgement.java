package io.dlion.cli.model;

import io.dlion.core.Phrase;
import io.dlion.core.learn.Evaluation;
import io.dlion.core.learn.ExampleShape.Kind;
import io.dlion.core.learn.Examples;
import io.dlion.core.learn.Learner;
import io.dlion.core.learn.Subset;
import io.dlion.data.preprocessing.Preprocessing;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * What there is to say of a model's answers.
 *
 * @param learner the model
 * @param examples what it is asked
 * @param preprocessing how they were encoded
 */
record Judgement(Learner learner, Examples examples, Preprocessing preprocessing) {
  /** More classes than this are no longer read by anybody. */
  private static final int CLASSES_MAX = 50;

  /**
   * The measures in a line; for regressions the error in the target's unit; for classifications a
   * line per class.
   *
   * @param on what the examples are, for people
   */
  List<String> lines(String on) {
    Evaluation all = learner.evaluate(examples);
    Kind kind = examples.shape().kind();
    List<String> lines = new ArrayList<>();
    lines.add(
        Phrase.of(
            "%s %s   loss %s   on %s",
            kind == Kind.REGRESSION ? "R²" : "accuracy",
            four(all.accuracy()),
            four(all.loss()),
            on));
    preprocessing
        .targetDeviation()
        .ifPresent(d ->
            lines.add(
                String.format(
                    Locale.ROOT,
                    "RMSE %.4g in the unit of the targets",
                    d * Math.sqrt(all.loss()))));
    if (kind == Kind.CLASSIFICATION && examples.shape().outputs() <= CLASSES_MAX) {
      lines.addAll(classes());
    }
    return lines;
  }

  private static String four(double value) {
    return String.format(Locale.ROOT, "%.4f", value);
  }

  /** A second pass, class by class: what is got right of one class is its recall. */
  private List<String> classes() {
    int count = examples.shape().outputs();
    List<String> names =
        preprocessing.classNames().isEmpty()
            ? IntStream.range(0, count).mapToObj(Integer::toString).toList()
            : preprocessing.classNames();
    int width = Math.max(5, names.stream().mapToInt(String::length).max().orElse(0));
    String format = "%-" + width + "s  %8s  %6s";
    List<String> lines = new ArrayList<>();
    lines.add(String.format(Locale.ROOT, format, "class", "examples", "recall"));
    for (int c = 0; c < count; c++) {
      int[] rows = rowsOf(c);
      String recall =
          rows.length == 0 ? "-" : four(learner.evaluate(new Subset(examples, rows)).accuracy());
      lines.add(String.format(Locale.ROOT, format, names.get(c), rows.length, recall));
    }
    return lines;
  }

  private int[] rowsOf(int label) {
    return IntStream.range(0, examples.count()).filter(r -> examples.label(r) == label).toArray();
  }
}
