package io.dlion.data.image;

import io.dlion.core.Phrase;
import io.dlion.core.UserError;
import io.dlion.core.learn.Examples;
import io.dlion.core.learn.Subset;
import io.dlion.data.ClassList;
import io.dlion.data.Contents;
import io.dlion.data.DataOptions;
import io.dlion.data.DataSet;
import io.dlion.data.HoldOut;
import io.dlion.data.Source;
import io.dlion.data.TestSplit;
import io.dlion.data.preprocessing.ImagePreprocessing;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** Images and the class of each as a reader found them, before they are normalised. */
public final class Images {
  final Pixels pixels;
  final short[] labels;

  /** Images with a label each. */
  public Images(Pixels pixels, short[] labels) {
    if (labels.length != pixels.count) {
      throw new IllegalArgumentException(labels.length + " labels, " + pixels.count + " images");
    }
    this.pixels = pixels;
    this.labels = labels;
  }

  /** One more than the highest class. */
  int classes() {
    int most = 0;
    for (short label : labels) {
      most = Math.max(most, label);
    }
    return most + 1;
  }

  /**
   * A data set of these images: mean and deviation come from the training images, which are all of
   * {@code train} where there are test images, else what is left after the hold-out.
   *
   * @param source how they were found
   */
  public static DataSet dataSet(
      String name,
      Images found,
      Optional<Images> foundTest,
      int classes,
      List<String> classNames,
      Source source,
      DataOptions options) {
    Images train = found.resized(name, options.imageSize());
    Optional<Images> test = foundTest.map(t -> t.resized(name, options.imageSize()));
    Optional<ImagePreprocessing> given = options.encoding(ImagePreprocessing.class, name, "images");
    if (given.isEmpty() && !options.classes().isEmpty()) {
      List<String> all = options.classes();
      return encoded(
          name,
          train.among(all, classNames, name),
          test.map(t -> t.among(all, classNames, name)),
          given,
          all.size(),
          areNumbers(all) && classNames.isEmpty() ? List.of() : all,
          source,
          options);
    }
    return given.isPresent()
        ? encoded(
            name,
            train.asIn(given.get(), classNames, name),
            test.map(t -> t.asIn(given.get(), classNames, name)),
            given,
            given.get().classes(),
            given.get().classNames(),
            source,
            options)
        : encoded(name, train, test, given, classes, classNames, source, options);
  }

  private static DataSet encoded(
      String name,
      Images train,
      Optional<Images> test,
      Optional<ImagePreprocessing> given,
      int classes,
      List<String> classNames,
      Source source,
      DataOptions options) {
    HoldOut split =
        test.isPresent()
            ? HoldOut.none(train.labels.length)
            : HoldOut.random(name, train.labels.length, options.seed());
    ImagePreprocessing preprocessing =
        given.orElseGet(() ->
            new ImagePreprocessing(
                train.pixels.height,
                train.pixels.width,
                options.imageSize().isPresent(),
                PixelScale.measure(train.pixels, split.train),
                classes,
                classNames));
    Examples all = new ImageExamples(train, preprocessing);
    Examples trainExamples = test.isPresent() ? all : new Subset(all, split.train);
    Examples testExamples =
        test.map(t -> (Examples) new ImageExamples(t, preprocessing))
            .orElseGet(() -> new Subset(all, split.test));
    return DataSet.of(
        name,
        Contents.Images.of(preprocessing.shape()),
        trainExamples,
        testExamples,
        test.isPresent() ? TestSplit.OWN : TestSplit.HELD_OUT,
        preprocessing,
        source);
  }

  /**
   * These images as a given encoding expects them: grey ones made colour where it is for colour,
   * classes numbered as it numbers them.
   *
   * @param names what the class numbers mean here; empty where they are the classes' names
   * @param place names the source in an error
   */
  Images asIn(ImagePreprocessing given, List<String> names, String place) {
    return new Images(fitting(place, given), numbered(place, names, given.namesOrNumbers()));
  }

  private Pixels fitting(String place, ImagePreprocessing p) {
    Pixels sized = p.resized() ? pixels.resized(place, p.width()) : pixels;
    if (sized.width != p.width() || sized.height != p.height() || sized.channels > p.channels()) {
      throw new UserError(
          Phrase.of(
              "%s: expected images of %s as the model was trained on, found %s; convert them",
              place, ImagePreprocessing.size(p.width(), p.height(), p.channels()), size(pixels)));
    }
    return sized.channels < p.channels() ? sized.coloured(place) : sized;
  }

  /** Whether classes are called by their numbers. */
  private static boolean areNumbers(List<String> classes) {
    return IntStream.range(0, classes.size())
        .allMatch(c -> classes.get(c).equals(Integer.toString(c)));
  }

  /** These images with the classes numbered as they were given. */
  private Images among(List<String> given, List<String> names, String place) {
    return new Images(
        pixels, numbered(place, names, given, ClassList.advice(given, "take its images away")));
  }

  private short[] numbered(String place, List<String> names, List<String> known) {
    return numbered(
        place, names, known, "which the model does not know; it knows " + String.join(", ", known));
  }

  private short[] numbered(String place, List<String> names, List<String> known, String advice) {
    short[] numbered = new short[labels.length];
    Map<String, Integer> numbers = new HashMap<>();
    for (int c = 0; c < known.size(); c++) {
      numbers.put(known.get(c), c);
    }
    for (int i = 0; i < numbered.length; i++) {
      String called = names.isEmpty() ? Integer.toString(labels[i]) : names.get(labels[i]);
      Integer number = numbers.get(called);
      if (number == null) {
        throw new UserError(
            Phrase.of(
                "%s: image %d (counted from 0) is of class '%s', %s", place, i, called, advice));
      }
      numbered[i] = number.shortValue();
    }
    return numbered;
  }

  /** The same images, brought to a square where a size is given. */
  private Images resized(String name, Optional<Integer> size) {
    return size.map(s -> new Images(pixels.resized(name, s), labels)).orElse(this);
  }

  /** Fails where the test images are of another size than those to learn from. */
  static void requireSameSize(String trainName, Pixels train, String testName, Pixels test) {
    if (train.width != test.width
        || train.height != test.height
        || train.channels != test.channels) {
      throw new UserError(
          Phrase.of(
              "%s: expected images of %s as in %s, found %s",
              testName, size(train), trainName, size(test)));
    }
  }

  private static String size(Pixels p) {
    return ImagePreprocessing.size(p.width, p.height, p.channels);
  }
}
