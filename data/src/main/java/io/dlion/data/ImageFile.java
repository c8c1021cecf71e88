package io.dlion.data;

import io.dlion.core.Phrase;
import io.dlion.core.UserError;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import javax.imageio.IIOException;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/** Reads one JPEG or PNG file by way of {@code javax.imageio}. */
final class ImageFile {
  private static final long FILE_BYTES_MAX = 1L << 28;

  private ImageFile() {}

  /** What is done with a file once its format is known. */
  private interface Use<T> {
    T of(ImageReader reader) throws IOException;
  }

  /** Reads the header only. */
  static ImageKind kind(Path file) {
    return read(
        file,
        reader -> {
          ImageTypeSpecifier type = reader.getRawImageType(0);
          return new ImageKind(
              reader.getWidth(0),
              reader.getHeight(0),
              type != null && type.getNumBands() <= 2 && !isIndexed(type.getColorModel()));
        });
  }

  private static boolean isIndexed(ColorModel model) {
    return model instanceof IndexColorModel;
  }

  /**
   * Decodes into channels-last bytes; transparency is dropped.
   *
   * @return the reason where it cannot, so that the first of many can be chosen
   */
  static Optional<UserError> decode(Path file, ImageKind kind, byte[] into, int offset) {
    try {
      BufferedImage image = read(file, ImageFile::readWhole);
      if (image.getWidth() != kind.width() || image.getHeight() != kind.height()) {
        return Optional.of(new UserError(file + ": changed while it was read"));
      }
      copy(image, kind, into, offset);
      return Optional.empty();
    } catch (UserError e) {
      return Optional.of(e);
    }
  }

  /** The JPEG reader fills up a file that ends early with grey and only warns of it. */
  private static BufferedImage readWhole(ImageReader reader) throws IOException {
    List<String> warnings = new ArrayList<>();
    reader.addIIOReadWarningListener((source, warning) -> warnings.add(warning));
    BufferedImage image = reader.read(0);
    for (String warning : warnings) {
      if (warning.contains("EOI") || warning.startsWith("Premature end")) {
        throw new IIOException(warning);
      }
    }
    return image;
  }

  private static <T> T read(Path file, Use<T> use) {
    byte[] bytes = bytes(file);
    try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes))) {
      Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
      if (!readers.hasNext()) {
        throw new UserError(
            Phrase.of(
                "%s: expected a JPEG or PNG image, found %,d bytes that are neither",
                file, bytes.length));
      }
      ImageReader reader = readers.next();
      try {
        reader.setInput(in, true, true);
        return use.of(reader);
      } finally {
        reader.dispose();
      }
    } catch (IOException | IllegalArgumentException | IndexOutOfBoundsException e) {
      // All bytes are in memory by now, so whatever goes wrong is wrong with them; the JDK's
      // readers are known to let these escape on damaged files.
      throw new UserError(
          Phrase.of(
              "%s: expected a whole JPEG or PNG image, cannot be decoded: %s",
              file, e.getMessage()),
          e);
    }
  }

  private static byte[] bytes(Path file) {
    try {
      long size = Files.size(file);
      if (size > FILE_BYTES_MAX) {
        throw new UserError(
            Phrase.of(
                "%s: expected an image of at most %,d bytes, found %,d",
                file, FILE_BYTES_MAX, size));
      }
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void copy(BufferedImage image, ImageKind kind, byte[] into, int offset) {
    Raster raster = image.getRaster();
    boolean plain =
        !isIndexed(image.getColorModel())
            && (raster.getTransferType() == DataBuffer.TYPE_BYTE
                || raster.getTransferType() == DataBuffer.TYPE_USHORT);
    int bands = raster.getNumBands();
    if (plain && bands <= 2) {
      // Samples as stored: BufferedImage.getRGB would bend grey values by a gamma curve.
      int shift = raster.getTransferType() == DataBuffer.TYPE_USHORT ? 8 : 0;
      int[] samples = raster.getSamples(0, 0, kind.width(), kind.height(), 0, (int[]) null);
      int channels = kind.channels();
      for (int i = 0; i < samples.length * channels; i++) {
        into[offset + i] = (byte) (samples[i / channels] >> shift);
      }
    } else {
      int[] argb = image.getRGB(0, 0, kind.width(), kind.height(), null, 0, kind.width());
      for (int i = 0; i < argb.length; i++) {
        into[offset + 3 * i] = (byte) (argb[i] >> 16);
        into[offset + 3 * i + 1] = (byte) (argb[i] >> 8);
        into[offset + 3 * i + 2] = (byte) argb[i];
      }
    }
  }
}
