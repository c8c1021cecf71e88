package io.dlion.data.preprocessing;

import io.dlion.core.Phrase;
import io.dlion.data.schema.CsvColumn;
import io.dlion.data.schema.CsvSchema;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BinaryOperator;

/**
 * What keeps two data sets, at two places, from being one model's: in words for people. Two
 * encodings are compared by what they say about the data, not by means and deviations.
 */
public final class PreprocessingDifference {
  private static final int DIFFERENCES_MAX = 4;

  private final List<String> texts = new ArrayList<>();

  private PreprocessingDifference() {}

  /**
   * What no common encoding can hold together: other columns, another label, other images. Words,
   * classes and symbols may differ: {@link CommonPreprocessing} takes all of them.
   */
  public static Optional<String> ofStructure(Preprocessing here, Preprocessing there) {
    PreprocessingDifference difference = new PreprocessingDifference();
    if (here instanceof TablePreprocessing h && there instanceof TablePreprocessing t) {
      difference.tables(h.schema(), t.schema());
      difference.unequal("an example", example(h), example(t));
    } else if (here instanceof ImagePreprocessing h && there instanceof ImagePreprocessing t) {
      difference.images(h, t);
    } else if (here instanceof TextPreprocessing h && there instanceof TextPreprocessing t) {
      difference.unequal(
          "the length of a sequence",
          Integer.toString(h.sequenceLength()),
          Integer.toString(t.sequenceLength()));
    } else {
      difference.unequal("the data", kind(here), kind(there));
    }
    return difference.text();
  }

  /**
   * Words, classes, symbols or colours of {@code data} that a given encoding does not hold; the two
   * have no difference of structure.
   *
   * @param where says at whose place the data is: "here" or "there"
   */
  public static Optional<String> unknownTo(Preprocessing given, Preprocessing data, String where) {
    PreprocessingDifference difference = new PreprocessingDifference();
    difference.words(
        given,
        data,
        (unknown, held) -> Phrase.of("%s only %s, the run began with %s", unknown, where, held));
    if (given instanceof ImagePreprocessing g
        && data instanceof ImagePreprocessing d
        && d.channels() > g.channels()) {
      difference.texts.add("images are colour " + where + ", the run began with grey ones");
    }
    return difference.text();
  }

  /**
   * Classes of {@code data} that are not among those given at another place; the two have no
   * difference of structure.
   *
   * @param where says at whose place the data is: "here" or "there"
   * @param elsewhere the other of the two
   */
  public static Optional<String> notGiven(
      Preprocessing given, Preprocessing data, String where, String elsewhere) {
    List<String> names = Vocabulary.classes(given);
    Set<String> unknown = new LinkedHashSet<>(Vocabulary.classes(data));
    names.forEach(unknown::remove);
    return unknown.isEmpty()
        ? Optional.empty()
        : Optional.of(
            Phrase.of(
                "classes: %s only %s, and classes names only %s %s; name them all there, or take"
                    + " that data away",
                Vocabulary.text(unknown), where, Vocabulary.text(names), elsewhere));
  }

  /** Words, classes and symbols that an encoding has and another, of the same structure, lacks. */
  public static Optional<String> added(Preprocessing lacking, Preprocessing having) {
    PreprocessingDifference difference = new PreprocessingDifference();
    difference.words(lacking, having, (unknown, held) -> unknown);
    return difference.text();
  }

  private void words(
      Preprocessing given, Preprocessing data, BinaryOperator<String> unknownAndHeld) {
    Vocabulary known = Vocabulary.of(given);
    Vocabulary.of(data)
        .words()
        .forEach((what, words) -> {
          List<String> held = known.words().getOrDefault(what, List.of());
          Set<String> unknown = new LinkedHashSet<>(words);
          held.forEach(unknown::remove);
          if (!unknown.isEmpty()) {
            texts.add(
                what
                    + ": "
                    + unknownAndHeld.apply(Vocabulary.text(unknown), Vocabulary.text(held)));
          }
        });
  }

  private static String kind(Preprocessing preprocessing) {
    return switch (preprocessing) {
      case ImagePreprocessing _ -> "images";
      case TablePreprocessing _ -> "a table";
      case TextPreprocessing _ -> "text";
    };
  }

  private void images(ImagePreprocessing here, ImagePreprocessing there) {
    unequal("the size of images", size(here), size(there));
    unequal("what classes are called", named(here), named(there));
  }

  private static String size(ImagePreprocessing images) {
    return images.width() + "×" + images.height();
  }

  private static String named(ImagePreprocessing images) {
    return images.classNames().isEmpty() ? "numbers" : "names";
  }

  private void tables(CsvSchema here, CsvSchema there) {
    unequal("the label", "'" + here.labelName() + "'", "'" + there.labelName() + "'");
    if (here.labelName().equals(there.labelName())) {
      unequal("the label '" + here.labelName() + "' (--task decides)", target(here), target(there));
    }
    Map<String, List<String>> uses = uses(here);
    Map<String, List<String>> othersUses = uses(there);
    TreeSet<String> names = new TreeSet<>(uses.keySet());
    names.addAll(othersUses.keySet());
    for (String name : names) {
      List<String> own = uses.getOrDefault(name, List.of());
      List<String> others = othersUses.getOrDefault(name, List.of());
      if (!used(own).equals(used(others))) {
        unequal("column '" + name + "'", words(own), words(others));
      }
    }
  }

  /** Sequences may differ in length: the longest of all places counts. */
  private static String example(TablePreprocessing table) {
    return table
        .schema()
        .sequenceName()
        .map(name -> "a sequence (--sequence-by " + name + ")")
        .orElse(
            table.window() == 0
                ? "a row"
                : Phrase.of("a window of %,d rows (--window)", table.window()));
  }

  private static String target(CsvSchema schema) {
    return schema.columns().get(schema.label()) instanceof CsvColumn.Numeric(String unit)
        ? "to predict as " + numbers(unit)
        : "a class";
  }

  private static String numbers(String unit) {
    return unit.isEmpty() ? "numbers" : "numbers in " + unit;
  }

  /** How the columns of each name are used, the label's not among them. */
  private static Map<String, List<String>> uses(CsvSchema schema) {
    Map<String, List<String>> uses = new HashMap<>();
    for (int c = 0; c < schema.names().size(); c++) {
      if (c != schema.label()) {
        uses.computeIfAbsent(schema.names().get(c), _ -> new ArrayList<>())
            .add(
                switch (schema.columns().get(c)) {
                  case CsvColumn.Numeric(String unit) -> numbers(unit);
                  case CsvColumn.Category _ -> "words";
                  case CsvColumn.Sequence _ -> "what tells sequences apart";
                  case CsvColumn.LeftOut _ -> "left out";
                });
      }
    }
    return uses;
  }

  private static List<String> used(List<String> uses) {
    return uses.stream().filter(use -> !use.equals("left out")).toList();
  }

  private static String words(List<String> uses) {
    return uses.isEmpty() ? "missing" : String.join(" and ", uses);
  }

  private void unequal(String what, String here, String there) {
    if (!here.equals(there)) {
      texts.add(Phrase.of("%s is %s there and %s here", what, there, here));
    }
  }

  private Optional<String> text() {
    if (texts.isEmpty()) {
      return Optional.empty();
    }
    int more = texts.size() - DIFFERENCES_MAX;
    String told = String.join("; ", texts.subList(0, Math.min(texts.size(), DIFFERENCES_MAX)));
    return Optional.of(more > 0 ? told + "; and " + more + " more" : told);
  }
}
