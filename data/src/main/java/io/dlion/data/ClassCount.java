package io.dlion.data;

import io.dlion.core.learn.Examples;
import java.util.ArrayList;
import java.util.List;

/**
 * How often a class occurs.
 *
 * @param name of the class; its number where the data names none
 * @param train training examples
 * @param test examples to judge by
 */
public record ClassCount(String name, int train, int test) {
  /**
   * Counts all classes, in the order of their numbers.
   *
   * @param names of the classes; empty: they are called by their numbers
   */
  static List<ClassCount> of(Examples train, Examples test, List<String> names) {
    int classes = train.shape().outputs();
    int[] inTrain = counts(train, classes);
    int[] inTest = counts(test, classes);
    List<ClassCount> all = new ArrayList<>();
    for (int c = 0; c < classes; c++) {
      String name = names.isEmpty() ? Integer.toString(c) : names.get(c);
      all.add(new ClassCount(name, inTrain[c], inTest[c]));
    }
    return List.copyOf(all);
  }

  private static int[] counts(Examples examples, int classes) {
    int[] counts = new int[classes];
    for (int row = 0; row < examples.count(); row++) {
      counts[examples.label(row)]++;
    }
    return counts;
  }
}
