package io.dlion.data.preprocessing;

import io.dlion.core.Phrase;
import io.dlion.core.learn.ExampleShape;
import io.dlion.core.learn.ExampleShape.Kind;
import io.dlion.data.file.ComposedNames;
import io.dlion.data.schema.Invalid;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How images become inputs.
 *
 * @param height in pixels
 * @param width in pixels
 * @param resized whether images of other sizes are brought to this one
 * @param scales mean and deviation of each channel, of values from 0 to 1
 * @param classes how many there are
 * @param classNames in order of their numbers; empty where the files name none
 */
public record ImagePreprocessing(
    int height,
    int width,
    boolean resized,
    List<Standard> scales,
    int classes,
    List<String> classNames)
    implements Preprocessing {
  /** Images that are resized are no larger, in pixels. */
  public static final int SIZE_MAX = 1024;

  private static final int PIXELS_MAX = 1 << 28;

  /** Checks the values, and copies the lists. */
  public ImagePreprocessing {
    scales = List.copyOf(scales);
    classNames = classNames.stream().map(ComposedNames::composed).toList();
    Invalid.unless(height >= 1 && width >= 1, Phrase.of("images of %d×%d", width, height));
    Invalid.unless(
        (long) height * width <= PIXELS_MAX, Phrase.of("images of %d×%d", width, height));
    Invalid.unless(
        !resized || (height == width && height <= SIZE_MAX),
        Phrase.of("images resized to %d×%d", width, height));
    Invalid.unless(scales.size() == 1 || scales.size() == 3, scales.size() + " channels");
    Invalid.unless(classes >= 1 && classes <= Short.MAX_VALUE, classes + " classes");
    Invalid.unless(
        classNames.isEmpty() || classNames.size() == classes,
        classNames.size() + " names of " + classes + " classes");
    Invalid.unless(new HashSet<>(classNames).size() == classNames.size(), "a class name twice");
  }

  /** Of images that are taken as they are. */
  public ImagePreprocessing(
      int height, int width, List<Standard> scales, int classes, List<String> classNames) {
    this(height, width, false, scales, classes, classNames);
  }

  /** Size and colour, for people. */
  public static String size(int width, int height, int channels) {
    return width + "×" + height + (channels == 1 ? " grey" : " colour");
  }

  /** 1: grey, 3: colour. */
  public int channels() {
    return scales.size();
  }

  /** Names of the classes; their numbers where the training data had none. */
  public List<String> namesOrNumbers() {
    return classNames.isEmpty()
        ? IntStream.range(0, classes).mapToObj(Integer::toString).toList()
        : classNames;
  }

  @Override
  public ExampleShape shape() {
    return new ExampleShape(List.of(channels(), height, width), Kind.CLASSIFICATION, classes);
  }
}
