package io.dlion.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;

/** Images of an MNIST-style data set as raw records: a byte with the label, and the pixels. */
final class IdxRecords {
  private static final int IMAGES_HEADER = 16;
  private static final int LABELS_HEADER = 8;

  private final byte[] images;
  private final byte[] labels;
  private final int pixels;

  private IdxRecords(byte[] images, byte[] labels) {
    this.images = images;
    this.labels = labels;
    this.pixels = (images.length - IMAGES_HEADER) / (labels.length - LABELS_HEADER);
  }

  /** Reads the training images of a folder. */
  static IdxRecords read(Path folder) throws IOException {
    return new IdxRecords(
        file(folder, "train-images-idx3-ubyte"), file(folder, "train-labels-idx1-ubyte"));
  }

  private static byte[] file(Path folder, String name) throws IOException {
    Path plain = folder.resolve(name);
    if (Files.exists(plain)) {
      return Files.readAllBytes(plain);
    }
    try (InputStream in = new GZIPInputStream(Files.newInputStream(folder.resolve(name + ".gz")))) {
      return in.readAllBytes();
    }
  }

  /** A data set of the first training images and of all test images. */
  static Path writeBeginning(Path from, Path to, int count) throws IOException {
    Files.createDirectories(to);
    byte[] images = file(from, "train-images-idx3-ubyte");
    byte[] labels = file(from, "train-labels-idx1-ubyte");
    int pixels = (images.length - IMAGES_HEADER) / (labels.length - LABELS_HEADER);
    write(to.resolve("train-images-idx3-ubyte"), images, count, IMAGES_HEADER + count * pixels);
    write(to.resolve("train-labels-idx1-ubyte"), labels, count, LABELS_HEADER + count);
    for (String name : new String[] {"t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"}) {
      Files.write(to.resolve(name), file(from, name));
    }
    return to;
  }

  private static void write(Path file, byte[] all, int count, int length) throws IOException {
    byte[] first = Arrays.copyOf(all, length);
    ByteBuffer.wrap(first).putInt(4, count);
    try (OutputStream out = Files.newOutputStream(file)) {
      out.write(first);
    }
  }

  /** A record; with other labels after a change: each class is called by the next one's name. */
  byte[] record(long number, boolean changed) {
    int count = labels.length - LABELS_HEADER;
    int i = (int) (number % count);
    byte[] record = new byte[1 + pixels];
    int label = labels[LABELS_HEADER + i];
    record[0] = (byte) (changed ? (label + 1) % 10 : label);
    System.arraycopy(images, IMAGES_HEADER + i * pixels, record, 1, pixels);
    return record;
  }
}
