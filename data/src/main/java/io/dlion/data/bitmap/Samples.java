package io.dlion.data.bitmap;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.PackedColorModel;
import java.awt.image.Raster;
import javax.imageio.IIOException;
import javax.imageio.ImageTypeSpecifier;

/**
 * Takes the samples of a decoded image as they are stored, in the upper eight bits of each.
 * Transparency is dropped and the colour below it kept, as torchvision and Keras do.
 */
final class Samples {
  private Samples() {}

  /** Whether all that an image of this type can show is grey. */
  static boolean isGrey(ImageTypeSpecifier type) {
    return type.getColorModel() instanceof IndexColorModel palette
        ? isGrey(palette)
        : type.getNumBands() <= 2;
  }

  private static boolean isGrey(IndexColorModel palette) {
    for (int i = 0; i < palette.getMapSize(); i++) {
      int red = palette.getRed(i);
      if (red != palette.getGreen(i) || red != palette.getBlue(i)) {
        return false;
      }
    }
    return true;
  }

  /**
   * @param channels 1 for images that are grey, else 3
   */
  static Bitmap of(BufferedImage image, int channels) throws IIOException {
    ColorModel model = image.getColorModel();
    Raster raster = image.getRaster();
    int type = raster.getTransferType();
    boolean packed = model instanceof PackedColorModel; // a whole pixel in a number
    if (type != DataBuffer.TYPE_BYTE && type != DataBuffer.TYPE_USHORT && !packed) {
      throw new IIOException("its samples are not whole numbers of up to 16 bits");
    }
    byte[] samples = new byte[image.getWidth() * image.getHeight() * channels];
    if (model instanceof IndexColorModel palette) {
      indexed(raster, palette, channels, samples);
    } else if (raster.getNumBands() <= 2) {
      stored(raster, model.getComponentSize(0), 1, channels, samples);
    } else if (isPlainColour(model)) {
      stored(raster, model.getComponentSize(0), 3, channels, samples);
    } else {
      converted(image, samples);
    }
    return new Bitmap(image.getWidth(), image.getHeight(), channels, samples);
  }

  private static boolean isPlainColour(ColorModel model) {
    return model instanceof ComponentColorModel
        && model.getColorSpace().getType() == ColorSpace.TYPE_RGB
        && !model.isAlphaPremultiplied();
  }

  private static void indexed(Raster raster, IndexColorModel palette, int channels, byte[] to) {
    int width = raster.getWidth();
    int[] row = new int[width * raster.getNumBands()];
    int at = 0;
    for (int y = 0; y < raster.getHeight(); y++) {
      raster.getSamples(0, y, width, 1, 0, row);
      for (int x = 0; x < width; x++) {
        int rgb = palette.getRGB(Math.min(row[x], palette.getMapSize() - 1));
        for (int shift = 8 * (channels - 1); shift >= 0; shift -= 8) {
          to[at++] = (byte) (rgb >> shift);
        }
      }
    }
  }

  /** {@code BufferedImage.getRGB} would bend grey values by a gamma curve. */
  private static void stored(Raster raster, int bits, int bands, int channels, byte[] to) {
    int width = raster.getWidth();
    int step = raster.getNumBands();
    int[] row = new int[width * step];
    int at = 0;
    for (int y = 0; y < raster.getHeight(); y++) {
      raster.getPixels(0, y, width, 1, row);
      for (int x = 0; x < width; x++) {
        for (int c = 0; c < channels; c++) {
          to[at++] = (byte) eightBits(row[x * step + Math.min(c, bands - 1)], bits);
        }
      }
    }
  }

  private static int eightBits(int sample, int bits) {
    return bits >= 8 ? sample >> (bits - 8) : sample * 255 / ((1 << bits) - 1);
  }

  private static void converted(BufferedImage image, byte[] to) {
    int width = image.getWidth();
    int[] row = new int[width];
    int at = 0;
    for (int y = 0; y < image.getHeight(); y++) {
      image.getRGB(0, y, width, 1, row, 0, width);
      for (int argb : row) {
        to[at++] = (byte) (argb >> 16);
        to[at++] = (byte) (argb >> 8);
        to[at++] = (byte) argb;
      }
    }
  }
}
