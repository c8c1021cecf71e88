package io.dlion.data;

import io.dlion.core.Phrase;
import io.dlion.core.learn.Examples;
import java.util.List;

/**
 * Examples to learn from and examples to judge by. Immutable and thread safe.
 *
 * @param name short name: the folder or file it came from, or {@code generated:NAME}
 * @param train examples to learn from
 * @param test examples to judge by, normalised with the statistics of {@code train}
 * @param preprocessing how {@code train} and {@code test} were encoded
 * @param description one line for people: counts, sizes, format, and what was decided (a hold-out,
 *     columns left out)
 * @param fingerprint cheap provenance: counts and a hash of some of the content; two sets with
 *     different fingerprints differ
 */
public record DataSet(
    String name,
    Examples train,
    Examples test,
    Preprocessing preprocessing,
    String description,
    String fingerprint) {
  /** A data set whose fingerprint is taken from its examples. */
  static DataSet of(
      String name, Examples train, Examples test, Preprocessing preprocessing, String description) {
    return new DataSet(name, train, test, preprocessing, description, Fingerprint.of(train, test));
  }

  /**
   * A data set with examples to judge by only.
   *
   * @param part what of the data they are
   */
  static DataSet judged(
      String name, Examples test, Preprocessing preprocessing, Part part, String details) {
    String description =
        Phrase.of(
            "%,d examples, %s %s (%s%s)",
            test.count(),
            part == Part.TEST_SPLIT ? "the test split of" : "all of",
            name,
            details,
            part == Part.TEST_SPLIT ? "" : "; it has no test split");
    return of(name, new Subset(test, new int[0]), test, preprocessing, description);
  }

  /**
   * The same with a random tenth of the training examples, the same for the same seed, in place of
   * the test examples: for choices that must not see those.
   */
  public DataSet forValidation(long seed) {
    HoldOut split = HoldOut.random(name, train.count(), seed);
    return of(
        name,
        new Subset(train, split.train),
        new Subset(train, split.test),
        preprocessing,
        description + "; judged by a tenth of the training examples, held out");
  }

  /** Names of the classes or symbols, see {@link Preprocessing#classNames()}. */
  public List<String> classNames() {
    return preprocessing.classNames();
  }
}
