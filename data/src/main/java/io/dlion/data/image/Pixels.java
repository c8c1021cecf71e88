package io.dlion.data.image;

import io.dlion.core.Phrase;
import io.dlion.core.UserError;
import io.dlion.data.bitmap.Bitmap;
import io.dlion.data.bitmap.Resizing;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Images as unsigned bytes, channels last, in as many arrays as their size needs (an array ends at
 * 2 GB). Filled once by the reader that made it, by several threads if each keeps to rows of its
 * own; not changed afterwards.
 */
public final class Pixels {
  private static final int CHUNK_BYTES_MAX = 1 << 30;

  private final byte[][] chunks;
  private final int rowsPerChunk;
  final int count;
  final int channels;
  final int height;
  final int width;
  final int rowBytes;

  /**
   * Room for so many images.
   *
   * @param what names the source in an error
   * @throws UserError where the images cannot fit into the memory of this process
   */
  public Pixels(String what, int count, int channels, int height, int width) {
    long bytes = (long) height * width * channels;
    long memoryBytes = Runtime.getRuntime().maxMemory();
    if (bytes < 1 || bytes > CHUNK_BYTES_MAX || bytes > memoryBytes / count) {
      throw new UserError(
          Phrase.of(
              "%s: %,d images of %d×%d with %d channels take %,.2f GB, this process may use %,.2f GB; use smaller or fewer images, or a larger -Xmx",
              what, count, width, height, channels, bytes * 1e-9 * count, memoryBytes * 1e-9));
    }
    this.count = count;
    this.channels = channels;
    this.height = height;
    this.width = width;
    this.rowBytes = (int) bytes;
    this.rowsPerChunk = CHUNK_BYTES_MAX / rowBytes;
    this.chunks = new byte[(count - 1) / rowsPerChunk + 1][];
    for (int i = 0; i < chunks.length; i++) {
      chunks[i] = new byte[Math.min(rowsPerChunk, count - i * rowsPerChunk) * rowBytes];
    }
  }

  /** Number of images. */
  public int count() {
    return count;
  }

  /** Image {@code row}. */
  public Bitmap image(int row) {
    byte[] samples = Arrays.copyOfRange(chunk(row), offset(row), offset(row) + rowBytes);
    return new Bitmap(width, height, channels, samples);
  }

  /** The same grey images in three equal channels. */
  Pixels coloured(String what) {
    Pixels colour = new Pixels(what, count, 3, height, width);
    for (int row = 0; row < count; row++) {
      byte[] from = chunk(row);
      byte[] to = colour.chunk(row);
      for (int i = 0; i < colour.rowBytes; i++) {
        to[colour.offset(row) + i] = from[offset(row) + i / 3];
      }
    }
    return colour;
  }

  /** The same images, brought to a square. */
  Pixels resized(String what, int size) {
    if (width == size && height == size) {
      return this;
    }
    Pixels resized = new Pixels(what, count, channels, size, size);
    IntStream.range(0, count)
        .parallel()
        .forEach(row -> resized.set(row, Resizing.square(image(row), size)));
    return resized;
  }

  /** Takes over an image of this size and colour. */
  public void set(int row, Bitmap image) {
    System.arraycopy(image.samples(), 0, chunk(row), offset(row), rowBytes);
  }

  /** The array that holds this row, from {@link #offset} on. */
  public byte[] chunk(int row) {
    return chunks[row / rowsPerChunk];
  }

  /** Where the values of an image begin. */
  public int offset(int row) {
    return row % rowsPerChunk * rowBytes;
  }
}
