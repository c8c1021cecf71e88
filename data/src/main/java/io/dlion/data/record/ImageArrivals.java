package io.dlion.data.record;

import io.dlion.core.Phrase;
import io.dlion.data.bitmap.Bitmap;
import io.dlion.data.file.Folder;
import io.dlion.data.image.CifarFiles;
import io.dlion.data.image.IdxFiles;
import io.dlion.data.image.Pixels;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Finds out what a file with images is that has appeared in a watched folder. */
final class ImageArrivals {
  private static final Pattern IDX =
      Pattern.compile("(.*?)(images|labels)([-.])idx[13](-ubyte)?(\\.gz)?");
  private static final long FILE_BYTES_MAX = 1L << 30;

  private final ImageEncoder encoder;
  private final ClassNumbers classes;

  ImageArrivals(ImageEncoder encoder, ClassNumbers classes) {
    this.encoder = encoder;
    this.classes = classes;
  }

  FileExamples open(Path root, Path file) throws UnfitRecordException {
    Matcher idx = IDX.matcher(Folder.name(file));
    if (idx.matches()) {
      return idx(file, idx);
    }
    if (Folder.hasExtension(file, List.of("bin"))) {
      return cifar(file);
    }
    int label = label(root, file);
    return FileExamples.of(List.of(encoder.file(file, label)));
  }

  /** The class by the first folder below the root, or by the one in {@code train}. */
  private int label(Path root, Path file) throws UnfitRecordException {
    Path below = root.toAbsolutePath().relativize(file.toAbsolutePath());
    if (below.getNameCount() < 2) {
      throw new UnfitRecordException(
          "loose",
          Phrase.of("%s: expected an image in a folder per class, found it in none", file));
    }
    String first = below.getName(0).toString();
    boolean inTrain = first.equals("train") && below.getNameCount() > 2;
    String name = inTrain ? below.getName(1).toString() : first;
    try {
      return classes.of(name);
    } catch (UnfitRecordException e) {
      throw new UnfitRecordException(e.kind(), file + ": " + e.reason(), e);
    }
  }

  /** The labels alone are no examples: they are taken with their images. */
  private FileExamples idx(Path file, Matcher name) throws UnfitRecordException {
    if (name.group(2).equals("labels")) {
      FileBytes.length(file, FILE_BYTES_MAX);
      return FileExamples.of(List.of());
    }
    String ubyte = Optional.ofNullable(name.group(4)).orElse("");
    String wanted = name.group(1) + "labels" + name.group(3) + "idx1" + ubyte;
    Path labelsFile =
        Stream.of(wanted, wanted + ".gz")
            .map(file::resolveSibling)
            .filter(Files::isRegularFile)
            .findFirst()
            .orElseThrow(() ->
                new UnfitRecordException(
                    UnfitRecordException.INCOMPLETE,
                    Phrase.of("%s: waits for its labels, %s or the same with .gz", file, wanted)));
    FileBytes.length(file, FILE_BYTES_MAX);
    FileBytes.length(labelsFile, FILE_BYTES_MAX);
    short[] labels = FileBytes.reading(labelsFile, () -> IdxFiles.labels(labelsFile));
    Pixels pixels = FileBytes.reading(file, () -> IdxFiles.images(file));
    if (labels.length != pixels.count()) {
      throw new UnfitRecordException(
          "file",
          Phrase.of(
              "%s: expected %,d labels, one for each image of %s, found %,d",
              labelsFile, pixels.count(), file.getFileName(), labels.length));
    }
    return new Labelled(file) {
      @Override
      public int count() {
        return labels.length;
      }

      @Override
      MemorySegment encode(String place, int index) throws UnfitRecordException {
        return encoder.bitmap(place, pixels.image(index), Integer.toString(labels[index]));
      }
    };
  }

  private FileExamples cifar(Path file) throws UnfitRecordException {
    byte[] all = FileBytes.read(file, FILE_BYTES_MAX);
    int record = CifarFiles.RECORD_BYTES;
    if (all.length % record != 0) {
      throw new UnfitRecordException(
          "file",
          Phrase.of(
              "%s: expected whole records of CIFAR-10, %,d bytes each, found %,d bytes",
              file, record, all.length));
    }
    return new Labelled(file) {
      @Override
      public int count() {
        return all.length / record;
      }

      @Override
      MemorySegment encode(String place, int index) throws UnfitRecordException {
        int label = all[index * record] & 0xff;
        String name =
            label < CifarFiles.CLASS_NAMES.size()
                ? CifarFiles.CLASS_NAMES.get(label)
                : Integer.toString(label);
        return encoder.bitmap(place, interleaved(all, index * record + 1), name);
      }
    };
  }

  private static Bitmap interleaved(byte[] all, int from) {
    int plane = CifarFiles.SIDE * CifarFiles.SIDE;
    byte[] samples = new byte[3 * plane];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = all[from + i % 3 * plane + i / 3];
    }
    return new Bitmap(CifarFiles.SIDE, CifarFiles.SIDE, 3, samples);
  }

  /** Many images in one file; errors name it and the image. */
  private abstract static class Labelled implements FileExamples {
    private final Path file;

    Labelled(Path file) {
      this.file = file;
    }

    abstract MemorySegment encode(String place, int index) throws UnfitRecordException;

    @Override
    public MemorySegment example(int index) throws UnfitRecordException {
      String place = file.getFileName() + " " + index;
      try {
        return encode(place, index);
      } catch (UnfitRecordException e) {
        throw new UnfitRecordException(
            e.kind(), Phrase.of("%s: image %,d: %s", file, index, e.reason()), e);
      }
    }
  }
}
