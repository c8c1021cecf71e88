package io.dlion.data;

import io.dlion.core.Phrase;
import io.dlion.core.learn.ExampleShape;
import io.dlion.core.learn.ExampleShape.Kind;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How images become inputs.
 *
 * @param height in pixels
 * @param width in pixels
 * @param scales mean and deviation of each channel, of values from 0 to 1
 * @param classes how many there are
 * @param classNames in order of their numbers; empty where the files name none
 */
record ImagePreprocessing(
    int height, int width, List<Standard> scales, int classes, List<String> classNames)
    implements Preprocessing {
  ImagePreprocessing {
    scales = List.copyOf(scales);
    classNames = List.copyOf(classNames);
    Invalid.unless(height >= 1 && width >= 1, Phrase.of("images of %d×%d", width, height));
    Invalid.unless(scales.size() == 1 || scales.size() == 3, scales.size() + " channels");
    Invalid.unless(classes >= 1 && classes <= Short.MAX_VALUE, classes + " classes");
    Invalid.unless(
        classNames.isEmpty() || classNames.size() == classes,
        classNames.size() + " names of " + classes + " classes");
    Invalid.unless(new HashSet<>(classNames).size() == classNames.size(), "a class name twice");
  }

  int channels() {
    return scales.size();
  }

  /** Names of the classes; their numbers where the training data had none. */
  List<String> namesOrNumbers() {
    return classNames.isEmpty()
        ? IntStream.range(0, classes).mapToObj(Integer::toString).toList()
        : classNames;
  }

  @Override
  public ExampleShape shape() {
    return new ExampleShape(List.of(channels(), height, width), Kind.CLASSIFICATION, classes);
  }
}
