package io.dlion.data.bitmap;

/**
 * The samples of one image, an unsigned byte each: row by row, and the channels of a pixel side by
 * side. The owner of the array may change it.
 */
public final class Bitmap {
  private final int width;
  private final int height;
  private final int channels;
  private final byte[] samples;

  /**
   * An image of these samples.
   *
   * @param channels 1: grey, 3: red, green, blue
   */
  public Bitmap(int width, int height, int channels, byte[] samples) {
    if (samples.length != width * height * channels) {
      throw new IllegalArgumentException(samples.length + " samples");
    }
    this.width = width;
    this.height = height;
    this.channels = channels;
    this.samples = samples;
  }

  /** In pixels. */
  public int width() {
    return width;
  }

  /** In pixels. */
  public int height() {
    return height;
  }

  /** 1: grey, 3: red, green, blue. */
  public int channels() {
    return channels;
  }

  /** The array itself. */
  public byte[] samples() {
    return samples;
  }
}
