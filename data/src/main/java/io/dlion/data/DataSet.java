package io.dlion.data;

import io.dlion.core.learn.Examples;
import io.dlion.core.learn.Subset;
import io.dlion.data.preprocessing.Preprocessing;
import java.util.List;

/**
 * Examples to learn from and examples to judge by. Immutable and thread safe.
 *
 * @param train examples to learn from
 * @param test examples to judge by, normalised with the statistics of {@code train}
 * @param preprocessing how {@code train} and {@code test} were encoded
 * @param recognised what was recognised about the data
 * @param fingerprint cheap provenance: counts and a hash of some of the content; two sets with
 *     different fingerprints differ
 */
public record DataSet(
    Examples train,
    Examples test,
    Preprocessing preprocessing,
    Recognised recognised,
    String fingerprint) {
  /** A data set that counts its own examples and takes its fingerprint from them. */
  public static DataSet of(
      String name,
      Contents contents,
      Examples train,
      Examples test,
      TestSplit testSplit,
      Preprocessing preprocessing,
      Source source) {
    List<String> classNames = preprocessing.classNames();
    return new DataSet(
        train,
        test,
        preprocessing,
        Recognised.of(name, contents, train, test, testSplit, classNames, source),
        Fingerprint.of(train, test));
  }

  /**
   * A data set with examples to judge by only.
   *
   * @param part what of the data they are
   */
  public static DataSet judged(
      String name,
      Contents contents,
      Examples test,
      Preprocessing preprocessing,
      JudgedPart part,
      Source source) {
    TestSplit testSplit = part == JudgedPart.TEST_SPLIT ? TestSplit.OWN : TestSplit.WHOLE;
    Examples none = new Subset(test, new int[0]);
    return of(name, contents, none, test, testSplit, preprocessing, source);
  }

  /**
   * The same with a random tenth of the training examples, the same for the same seed, in place of
   * the test examples: for choices that must not see those.
   */
  public DataSet forValidation(long seed) {
    HoldOut split = HoldOut.random(name(), train.count(), seed);
    return of(
        name(),
        recognised.contents(),
        new Subset(train, split.train),
        new Subset(train, split.test),
        TestSplit.VALIDATION,
        preprocessing,
        recognised.source());
  }

  /** Short name: the folder or file it came from, or {@code generated:NAME}. */
  public String name() {
    return recognised.name();
  }

  /** What was recognised, in one line for people. */
  public String description() {
    return recognised.line();
  }

  /** Names of the classes or symbols, see {@link Preprocessing#classNames()}. */
  public List<String> classNames() {
    return preprocessing.classNames();
  }
}
