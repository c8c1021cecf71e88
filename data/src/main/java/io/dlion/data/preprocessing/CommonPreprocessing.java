package io.dlion.data.preprocessing;

import io.dlion.core.Phrase;
import io.dlion.core.UserError;
import java.util.ArrayList;
import java.util.List;

/**
 * One encoding for data that lies at several places, so that each input and each output means the
 * same everywhere: what one place with all the data would have measured. Columns are in the order
 * of the first; words, classes and symbols are those of all; means and deviations are pooled.
 */
public final class CommonPreprocessing {
  /** More different words of one input column are a mistake. */
  private static final int WORDS_MAX = 1024;

  private CommonPreprocessing() {}

  /**
   * What is at one place.
   *
   * @param preprocessing how it would be encoded alone
   * @param examples to learn from, which its means and deviations were measured on
   */
  public record Place(Preprocessing preprocessing, long examples) {}

  /**
   * The encoding for all places, which have no {@link PreprocessingDifference#ofStructure}.
   *
   * @throws UserError where all together have too many words
   */
  public static Preprocessing of(List<Place> places) {
    Preprocessing first = places.getFirst().preprocessing();
    if (places.stream().allMatch(p -> p.preprocessing().equals(first))) {
      return first;
    }
    return switch (first) {
      case TablePreprocessing _ -> CommonTable.of(places);
      case ImagePreprocessing _ -> images(places);
      case TextPreprocessing text -> text(places, text.sequenceLength());
    };
  }

  private static Preprocessing text(List<Place> places, int length) {
    StringBuilder all = new StringBuilder();
    places.forEach(p -> all.append(((TextPreprocessing) p.preprocessing()).symbols()));
    int[] points = all.codePoints().distinct().sorted().toArray();
    requireFew("a text", "different characters", points.length, TextPreprocessing.VOCABULARY_MAX);
    return new TextPreprocessing(length, new String(points, 0, points.length));
  }

  private static Preprocessing images(List<Place> places) {
    List<ImagePreprocessing> all =
        places.stream().map(p -> (ImagePreprocessing) p.preprocessing()).toList();
    ImagePreprocessing first = all.getFirst();
    int channels = all.stream().mapToInt(ImagePreprocessing::channels).max().orElseThrow();
    List<Standard> scales = new ArrayList<>();
    for (int c = 0; c < channels; c++) {
      PooledStandard pooled = new PooledStandard();
      for (Place place : places) {
        List<Standard> own = ((ImagePreprocessing) place.preprocessing()).scales();
        // Grey images are made colour: all three channels are the one they have.
        pooled.add(place.examples(), own.get(Math.min(c, own.size() - 1)));
      }
      scales.add(pooled.standard());
    }
    List<String> names = List.of();
    for (ImagePreprocessing images : all) {
      names = Vocabulary.union(names, images.classNames());
    }
    int classes = all.stream().mapToInt(ImagePreprocessing::classes).max().orElseThrow();
    return new ImagePreprocessing(
        first.height(),
        first.width(),
        all.stream().allMatch(ImagePreprocessing::resized),
        scales,
        names.isEmpty() ? classes : names.size(),
        names);
  }

  /** Fails where all places together have more of something than a model should. */
  static void requireFew(String of, String what, int found, int most) {
    if (found > most) {
      throw new UserError(
          Phrase.of(
              "%s: expected at most %,d %s at all places together, found %,d",
              of, most, what, found));
    }
  }

  static void requireFewWords(String column, int found, boolean label) {
    requireFew(
        "column '" + column + "'",
        label ? "classes" : "different words",
        found,
        label ? Short.MAX_VALUE : WORDS_MAX);
  }
}
