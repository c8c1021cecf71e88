package io.dlion.data.bitmap;

import io.dlion.core.Phrase;
import io.dlion.core.UserError;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
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

/**
 * Reads one image file by way of {@code javax.imageio}: what its content says counts, not its name.
 * Of files with several images, the first.
 */
public final class ImageFile {
  /** What is read, for people. */
  public static final String FORMATS = "JPEG, PNG, WebP, TIFF, BMP or GIF";

  /** How the names of such files end. */
  public static final List<String> EXTENSIONS =
      List.of(
          "jpg", "jpeg", "jpe", "jfif", "png", "apng", "webp", "tif", "tiff", "bmp", "dib", "gif");

  private static final long FILE_BYTES_MAX = 1L << 30;

  private ImageFile() {}

  /** What is done with a file once its format is known. */
  private interface Use<T> {
    T of(ImageReader reader, Orientation orientation) throws IOException;
  }

  /** Whether the content is in one of the formats. */
  public static boolean isImage(Path file) {
    try (InputStream bytes = Files.newInputStream(file);
        ImageInputStream in = new MemoryCacheImageInputStream(bytes)) {
      return ImageIO.getImageReaders(in).hasNext();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Reads the header only.
   *
   * @throws UserError where it is damaged, or promises more pixels than there can be
   */
  public static ImageKind kind(Path file) {
    return read(file, (reader, orientation) -> kind(file.toString(), reader, orientation));
  }

  private static ImageKind kind(String place, ImageReader reader, Orientation orientation)
      throws IOException {
    int width = reader.getWidth(0);
    int height = reader.getHeight(0);
    DecodingMemory.requireSane(place, width, height);
    Optional<ImageTypeSpecifier> type = type(reader);
    return new ImageKind(
        orientation.transposes() ? height : width,
        orientation.transposes() ? width : height,
        type.isPresent() && Samples.isGrey(type.get()),
        type.isPresent() && type.get().getColorModel().hasAlpha(),
        orientation != Orientation.NORMAL);
  }

  /** What the file holds; the JDK's reader does not know it where that is no type of Java's. */
  private static Optional<ImageTypeSpecifier> type(ImageReader reader) throws IOException {
    return Optional.ofNullable(reader.getRawImageType(0));
  }

  /**
   * Decodes a file and turns it as it is to be seen.
   *
   * @param kind of this image
   * @param channels 1 for an image that is grey, else 3
   * @throws UserError where it is damaged
   */
  public static Bitmap decode(Path file, ImageKind kind, int channels) {
    int memory = DecodingMemory.acquire(file.toString(), kind.width(), kind.height());
    try {
      return read(
          file,
          (reader, orientation) -> {
            if ((long) reader.getWidth(0) * reader.getHeight(0)
                != (long) kind.width() * kind.height()) {
              throw new UserError(file + ": changed while it was read");
            }
            return orientation.turn(Samples.of(readWhole(reader), channels));
          });
    } finally {
      DecodingMemory.release(memory);
    }
  }

  /** Decides from the header of an image whether it is wanted. */
  public interface Wanted {
    /**
     * The channels to decode it with: 1 for an image that is grey, else 3.
     *
     * @throws UserError where it is not wanted
     */
    int channels(ImageKind kind);
  }

  /**
   * Decodes the content of a file and turns it as it is to be seen, without a second look at its
   * header.
   *
   * @param place names the image in an error
   * @throws UserError where it is damaged, promises more pixels than there can be, or is not wanted
   */
  public static Bitmap decode(String place, byte[] content, Wanted wanted) {
    try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(content))) {
      return read(
          place,
          content.length,
          in,
          (reader, orientation) -> {
            ImageKind kind = kind(place, reader, orientation);
            int channels = wanted.channels(kind);
            int memory = DecodingMemory.acquire(place, kind.width(), kind.height());
            try {
              return orientation.turn(Samples.of(readWhole(reader), channels));
            } finally {
              DecodingMemory.release(memory);
            }
          });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
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
    long length = length(file);
    try (InputStream bytes = Files.newInputStream(file);
        ImageInputStream in = new MemoryCacheImageInputStream(bytes)) { // reads what is asked for
      return read(file.toString(), length, in, use);
    } catch (IOException e) {
      throw damaged(file.toString(), e);
    }
  }

  private static <T> T read(String place, long length, ImageInputStream in, Use<T> use) {
    try {
      Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
      if (!readers.hasNext()) {
        throw new UserError(
            Phrase.of(
                "%s: expected an image (%s), found %,d bytes that are none",
                place, FORMATS, length));
      }
      ImageReader reader = readers.next();
      try {
        Orientation orientation = OrientationTag.read(in);
        reader.setInput(in, true, true);
        return use.of(reader, orientation);
      } finally {
        reader.dispose();
      }
    } catch (UserError e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      // Readers let all kinds of exceptions escape on damaged files.
      throw damaged(place, e);
    }
  }

  private static UserError damaged(String place, Exception e) {
    return new UserError(
        Phrase.of("%s: expected a whole image (%s), cannot be decoded: %s", place, FORMATS, why(e)),
        e);
  }

  private static String why(Exception e) {
    String message = e.getMessage();
    return message == null || message.isBlank()
        ? e.getClass().getSimpleName()
        : message.strip().replaceAll("\\s+", " ");
  }

  private static long length(Path file) {
    try {
      long size = Files.size(file);
      if (size > FILE_BYTES_MAX) {
        throw new UserError(
            Phrase.of(
                "%s: expected an image of at most %,d bytes, found %,d",
                file, FILE_BYTES_MAX, size));
      }
      return size;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
