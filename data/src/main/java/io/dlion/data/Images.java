package io.dlion.data;

import io.dlion.core.Phrase;
import io.dlion.core.UserError;
import io.dlion.core.learn.Examples;
import java.util.List;
import java.util.Optional;

/** Images and the class of each as a reader found them, before they are normalised. */
final class Images {
  final Pixels pixels;
  final short[] labels;

  Images(Pixels pixels, short[] labels) {
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
  static DataSet dataSet(
      String name,
      Images train,
      Optional<Images> test,
      int classes,
      List<String> classNames,
      Source source,
      long seed) {
    HoldOut split =
        test.isPresent()
            ? HoldOut.none(train.labels.length)
            : HoldOut.random(name, train.labels.length, seed);
    ImagePreprocessing preprocessing =
        new ImagePreprocessing(
            train.pixels.height,
            train.pixels.width,
            PixelScale.measure(train.pixels, split.train),
            classes,
            classNames);
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
    return size(p.width, p.height, p.channels);
  }

  /** Size and colour, for people. */
  static String size(int width, int height, int channels) {
    return width + "×" + height + (channels == 1 ? " grey" : " colour");
  }
}
