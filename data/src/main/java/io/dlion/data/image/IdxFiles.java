package io.dlion.data.image;

import io.dlion.core.Phrase;
import io.dlion.core.UserError;
import io.dlion.data.DataOptions;
import io.dlion.data.DataSet;
import io.dlion.data.JudgedPart;
import io.dlion.data.Source;
import io.dlion.data.file.Folder;
import io.dlion.data.file.InputFile;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A folder with the four files of MNIST and its kin in the IDX format (yann.lecun.com/exdb/mnist):
 * {@code train-images-idx3-ubyte}, {@code train-labels-idx1-ubyte}, and the same with {@code t10k-}
 * or {@code test-}, each plain or {@code .gz}, possibly with a prefix or a dot for the second dash.
 */
public final class IdxFiles {
  private static final int MAGIC_LABELS = 0x0801;
  private static final int MAGIC_IMAGES = 0x0803;
  private static final int COUNT_MAX = 1 << 28;
  private static final int SIDE_MAX = 1 << 15;

  /** Classes up to the highest label for each label that occurs. */
  private static final int CLASSES_PER_USED_MAX = 5;

  private final Folder folder;

  private IdxFiles(Folder folder) {
    this.folder = folder;
  }

  /** Whether a folder has any file named like images in IDX. */
  public static boolean isIn(Folder folder) {
    return new IdxFiles(folder).find("(train|t10k|test)", "(images|labels)").findAny().isPresent();
  }

  /** Reads the files of a folder. */
  public static DataSet read(String name, Folder folder, DataOptions options) {
    IdxFiles files = new IdxFiles(folder);
    Images train = files.split("train");
    boolean given = !options.classes().isEmpty();
    if (!given) {
      requirePlausible(files.one("train", "labels", 1), train.labels);
    }
    Optional<Images> test =
        files.find("(t10k|test)", "(images|labels)").findAny().isPresent()
            ? Optional.of(files.split("(t10k|test)"))
            : Optional.empty();
    test.ifPresent(
        t -> Images.requireSameSize("the training images", train.pixels, name, t.pixels));
    test.filter(_ -> !given)
        .ifPresent(t -> requireKnown(files.one("(t10k|test)", "labels", 1), t, train.classes()));
    return Images.dataSet(name, train, test, train.classes(), List.of(), Source.of("IDX"), options);
  }

  /**
   * The highest label makes the number of classes, so one damaged byte would add hundreds that have
   * no images. Numbers may be missing, as with the data of a single shop, but not most of them.
   */
  private static void requirePlausible(Path labelsFile, short[] labels) {
    BitSet used = new BitSet();
    int highest = 0;
    for (int i = 0; i < labels.length; i++) {
      used.set(labels[i]);
      highest = labels[i] > labels[highest] ? i : highest;
    }
    int below = used.previousSetBit(labels[highest] - 1);
    if (labels[highest] + 1 > CLASSES_PER_USED_MAX * used.cardinality()) {
      throw new UserError(
          Phrase.of(
              "%s: label %d (counted from 0, offset %d): expected classes numbered from 0, found %d, while %s; the file is damaged, or its classes are to be numbered anew, or all named (--classes 0,1,2,…)",
              labelsFile,
              highest,
              8 + highest,
              labels[highest],
              below < 0
                  ? "all labels are " + labels[highest]
                  : "the next lower label is " + below));
    }
  }

  /** IDX does not say how many classes there are: the training labels do. */
  private static void requireKnown(Path labelsFile, Images test, int classes) {
    for (int i = 0; i < test.labels.length; i++) {
      if (test.labels[i] >= classes) {
        throw new UserError(
            Phrase.of(
                "%s: label %d (counted from 0, offset %d): expected 0 to %d as in the training labels, found %d",
                labelsFile, i, 8 + i, classes - 1, test.labels[i]));
      }
    }
  }

  /** The test split of a folder where it has one, else all. */
  static JudgedImages judged(Folder folder) {
    IdxFiles files = new IdxFiles(folder);
    boolean split = files.find("(t10k|test)", "(images|labels)").findAny().isPresent();
    Images images = files.split(split ? "(t10k|test)" : "train");
    List<String> numbers =
        IntStream.range(0, images.classes()).mapToObj(Integer::toString).toList();
    return new JudgedImages(
        images, numbers, split ? JudgedPart.TEST_SPLIT : JudgedPart.ALL, Source.of("IDX"));
  }

  private Stream<Path> find(String split, String kind) {
    Pattern wanted = Pattern.compile("(.*-)?" + split + "-" + kind + "[-.]idx[13]-ubyte(\\.gz)?");
    return folder.files().stream()
        .filter(f -> wanted.matcher(f.getFileName().toString()).matches());
  }

  private Images split(String split) {
    Path imagesFile = one(split, "images", 3);
    Path labelsFile = one(split, "labels", 1);
    Pixels pixels = images(imagesFile);
    short[] labels = labels(labelsFile);
    if (labels.length != pixels.count) {
      throw new UserError(
          Phrase.of(
              "%s: expected %,d labels, one for each image of %s, found %,d",
              labelsFile, pixels.count, imagesFile.getFileName(), labels.length));
    }
    return new Images(pixels, labels);
  }

  /** The plain file where there are both that and a compressed one. */
  private Path one(String split, String kind, int dimensions) {
    List<Path> found = find(split, kind).toList();
    if (found.isEmpty()) {
      throw new UserError(
          Phrase.of(
              "%s: expected a file %s-%s-idx%d-ubyte or the same with .gz, found none",
              folder.path(), split.equals("train") ? split : "t10k", kind, dimensions));
    }
    Path first = found.getFirst();
    if (found.size() > 2 || (found.size() == 2 && !found.get(1).toString().equals(first + ".gz"))) {
      throw new UserError(
          Phrase.of(
              "%s: expected one file of %s %s, found %s and %s; keep the data sets in folders of their own",
              folder.path(),
              split.equals("train") ? "training" : "test",
              kind,
              first.getFileName(),
              found.get(1).getFileName()));
    }
    return first;
  }

  /** Reads one file of images. */
  public static Pixels images(Path path) {
    try (InputFile file = InputFile.open(path)) {
      magic(path, file, MAGIC_IMAGES, "images (three dimensions of unsigned bytes)");
      int count = dimension(path, file, "number of images", COUNT_MAX);
      int height = dimension(path, file, "height", SIDE_MAX);
      int width = dimension(path, file, "width", SIDE_MAX);
      long expected = 16 + (long) count * height * width;
      file.requireLength(expected);
      Pixels pixels = new Pixels(path.toString(), count, 1, height, width);
      for (int row = 0; row < count; row++) {
        file.readFully(pixels.chunk(row), pixels.offset(row), pixels.rowBytes, expected);
      }
      file.requireEnd();
      return pixels;
    }
  }

  /** Reads one file of labels. */
  public static short[] labels(Path path) {
    try (InputFile file = InputFile.open(path)) {
      magic(path, file, MAGIC_LABELS, "labels (one dimension of unsigned bytes)");
      int count = dimension(path, file, "number of labels", COUNT_MAX);
      long expected = 8 + (long) count;
      file.requireLength(expected);
      byte[] bytes = new byte[count];
      file.readFully(bytes, 0, count, expected);
      file.requireEnd();
      short[] labels = new short[count];
      for (int i = 0; i < count; i++) {
        labels[i] = (short) (bytes[i] & 0xff);
      }
      return labels;
    }
  }

  private static void magic(Path path, InputFile file, int expected, String what) {
    int found = file.readInt();
    if (found != expected) {
      throw new UserError(
          Phrase.of(
              "%s: expected IDX %s, which begin with 0x%08x, found 0x%08x at offset 0",
              path, what, expected, found));
    }
  }

  private static int dimension(Path path, InputFile file, String what, int max) {
    int value = file.readInt();
    if (value < 1 || value > max) {
      throw new UserError(
          Phrase.of(
              "%s: expected a %s from 1 to %,d in the header, found %d", path, what, max, value));
    }
    return value;
  }
}
