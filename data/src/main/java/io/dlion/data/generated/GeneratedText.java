package io.dlion.data.generated;

import io.dlion.data.DataOptions;
import io.dlion.data.DataSet;
import io.dlion.data.Source;
import io.dlion.data.text.TextFile;
import java.util.List;
import java.util.SplittableRandom;

/**
 * {@code generated:text}: sentences of a small grammar, in which verbs agree with their subjects
 * and every bracket is closed. Much of it can be predicted, not all.
 */
public final class GeneratedText {
  private static final int CHARACTERS = 200_000;
  private static final int DEPTH_MAX = 3;

  private static final List<String> ADJECTIVES =
      List.of("small", "loud", "grey", "patient", "hungry", "quick", "old", "brave");
  private static final List<String> NOUNS =
      List.of("lion", "cloud", "river", "worker", "stone", "engine", "bird", "teacher");
  private static final List<String> VERBS =
      List.of("follow", "hear", "carry", "find", "answer", "remember", "watch", "pass");
  private static final List<String> ENDINGS =
      List.of(".", ".", ".", "!", " at night.", " in the rain.", " before the others.");

  private final SplittableRandom random;
  private final StringBuilder text = new StringBuilder(CHARACTERS + 256);

  private GeneratedText(SplittableRandom random) {
    this.random = random;
  }

  /** The text as a data set. */
  public static DataSet dataSet(String name, DataOptions options) {
    return TextFile.dataSet(name, name, text(options.seed()), source(options.seed()), options);
  }

  /** Where it comes from. */
  public static Source source(long seed) {
    return Source.of("drawn from seed " + seed);
  }

  /** The text alone. */
  public static String text(long seed) {
    GeneratedText generator = new GeneratedText(new SplittableRandom(seed));
    while (generator.text.length() < CHARACTERS) {
      generator.sentence();
    }
    return generator.text.substring(0, CHARACTERS);
  }

  private void sentence() {
    clause(0);
    text.append(one(ENDINGS)).append(random.nextInt(5) == 0 ? '\n' : ' ');
  }

  private void clause(int depth) {
    boolean plural = nounPhrase(depth);
    text.append(' ').append(one(VERBS)).append(plural ? " " : "s ");
    nounPhrase(depth);
  }

  /** Returns whether it is plural. */
  private boolean nounPhrase(int depth) {
    boolean plural = random.nextInt(3) == 0;
    text.append(plural ? one(List.of("two ", "three ", "many ")) : one(List.of("the ", "a ")));
    if (random.nextBoolean()) {
      text.append(one(ADJECTIVES)).append(' ');
    }
    text.append(one(NOUNS)).append(plural ? "s" : "");
    if (depth < DEPTH_MAX && random.nextInt(6) == 0) {
      text.append(" (");
      clause(depth + 1);
      text.append(')');
    }
    return plural;
  }

  private String one(List<String> words) {
    return words.get(random.nextInt(words.size()));
  }
}
