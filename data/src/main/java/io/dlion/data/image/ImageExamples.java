package io.dlion.data.image;

import io.dlion.core.learn.ExampleShape;
import io.dlion.core.learn.Examples;
import io.dlion.data.preprocessing.ImagePreprocessing;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Labelled images of one size, kept as bytes and normalised while they are copied. Immutable,
 * thread safe.
 */
final class ImageExamples implements Examples {
  private final Pixels pixels;
  private final short[] labels;
  private final PixelScale scale;
  private final ExampleShape shape;

  ImageExamples(Images images, ImagePreprocessing preprocessing) {
    this.pixels = images.pixels;
    this.labels = images.labels;
    this.scale = new PixelScale(preprocessing.scales());
    this.shape = preprocessing.shape();
  }

  @Override
  public int count() {
    return labels.length;
  }

  @Override
  public ExampleShape shape() {
    return shape;
  }

  @Override
  public void copy(int[] rows, int size, MemorySegment inputs, MemorySegment targets) {
    // By way of one image on the heap: a plain loop over arrays and a block copy are several times
    // faster than a store into the segment per element.
    float[] image = new float[pixels.rowBytes];
    for (int i = 0; i < size; i++) {
      int row = rows[i];
      scale.apply(pixels.chunk(row), pixels.offset(row), pixels.channels, image);
      MemorySegment.copy(
          image, 0, inputs, ValueLayout.JAVA_FLOAT_UNALIGNED, 4L * image.length * i, image.length);
      targets.set(ValueLayout.JAVA_LONG_UNALIGNED, 8L * i, labels[row]);
    }
  }

  @Override
  public int label(int row) {
    return labels[row];
  }
}
