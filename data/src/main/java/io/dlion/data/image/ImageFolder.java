package io.dlion.data.image;

import io.dlion.data.ClassList;
import io.dlion.data.DataOptions;
import io.dlion.data.DataSet;
import io.dlion.data.JudgedPart;
import io.dlion.data.Source;
import io.dlion.data.bitmap.Bitmap;
import io.dlion.data.bitmap.ImageFile;
import io.dlion.data.bitmap.Resizing;
import io.dlion.data.file.Folder;
import io.dlion.data.file.LeftOut;
import io.dlion.data.file.OtherFiles;
import io.dlion.data.preprocessing.ImagePreprocessing;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A folder of image files, a folder per class, either directly or in {@code train/} with optional
 * {@code test/} or {@code val/} next to it. Classes are numbered in the order of their names. A
 * class folder may have folders in it. All images must have one size, or are brought to one. They
 * are grey if all of them are, else grey ones among them are made colour.
 */
public final class ImageFolder {
  private static final List<String> TEST_FOLDERS = List.of("test", "val", "valid", "validation");

  private ImageFolder() {}

  /** Whether a folder has a training folder with class folders, or class folders with images. */
  public static boolean isIn(Folder folder) {
    Path train = folder.path().resolve("train");
    return Files.isDirectory(train)
        ? !Folder.list(train).folders().isEmpty()
        : folder.folders().stream().anyMatch(ImageFiles::anyIn);
  }

  /** Reads the images of a folder. */
  public static DataSet read(String name, Folder folder, DataOptions options) {
    Path train = folder.path().resolve("train");
    boolean split = Files.isDirectory(train);
    Optional<ImagePreprocessing> encoding =
        options.encoding(ImagePreprocessing.class, folder.path().toString(), "images");
    boolean given = encoding.isEmpty() && !options.classes().isEmpty();
    List<String> known =
        encoding.map(ImagePreprocessing::namesOrNumbers).orElseGet(options::classes);
    ImageSplit trainPart = ImageSplit.list(split ? train : folder.path(), known, given);
    Optional<ImageSplit> testPart =
        TEST_FOLDERS.stream()
            .map(folder.path()::resolve)
            .filter(f -> split && Files.isDirectory(f))
            .findFirst()
            .map(f -> ImageSplit.list(f, trainPart.classNames(), given));
    List<ImageSplit> parts = Stream.concat(Stream.of(trainPart), testPart.stream()).toList();
    ImageHeaders all = ImageHeaders.read(parts.stream().flatMap(p -> p.files().stream()).toList());
    if (options.imageSize().isEmpty()) {
      all.requireOneSize();
    }
    int trained = trainPart.files().size();
    int width = options.imageSize().orElse(all.kinds().getFirst().width());
    int height = options.imageSize().orElse(all.kinds().getFirst().height());
    Images trainImages = decode(trainPart, all.part(0, trained), all.channels(), width, height);
    return Images.dataSet(
        name,
        trainImages,
        testPart.map(
            p -> decode(p, all.part(trained, all.files().size()), all.channels(), width, height)),
        trainPart.classNames().size(),
        trainPart.classNames(),
        source(parts, all),
        options);
  }

  /**
   * The test folder where there is one, else the training folder, else the class folders that lie
   * here; empty where there are none.
   */
  static Optional<JudgedImages> judged(Folder folder, ImagePreprocessing preprocessing) {
    Optional<Path> test = withFolders(folder, TEST_FOLDERS);
    Path here = test.or(() -> withFolders(folder, List.of("train"))).orElse(folder.path());
    if (Folder.list(here).folders().stream().noneMatch(ImageFiles::anyIn)) {
      return Optional.empty();
    }
    ImageSplit part = ImageSplit.list(here, preprocessing.namesOrNumbers(), false);
    ImageHeaders headers = ImageHeaders.read(part.files());
    headers.requireFitting(preprocessing);
    return Optional.of(
        new JudgedImages(
            decode(
                part,
                headers,
                preprocessing.channels(),
                preprocessing.width(),
                preprocessing.height()),
            part.classNames(),
            test.isPresent() ? JudgedPart.TEST_SPLIT : JudgedPart.ALL,
            source(List.of(part), headers)));
  }

  /** The first of the folders with these names that has folders in it. */
  private static Optional<Path> withFolders(Folder folder, List<String> names) {
    return names.stream()
        .map(folder.path()::resolve)
        .filter(f -> Files.isDirectory(f) && !Folder.list(f).folders().isEmpty())
        .findFirst();
  }

  private static Source source(List<ImageSplit> parts, ImageHeaders all) {
    List<LeftOut> leftOut = new ArrayList<>();
    OtherFiles.summary(parts.stream().flatMap(p -> p.others().stream()).toList())
        .ifPresent(leftOut::add);
    int loose = parts.stream().mapToInt(p -> p.loose().size()).sum();
    if (loose > 0) {
      leftOut.add(new LeftOut(OtherFiles.count(loose, "image"), "in no class folder"));
    }
    List<String> notes = new ArrayList<>(all.notes());
    List<String> without = parts.getFirst().classesWithoutImages();
    if (!without.isEmpty()) {
      notes.add("no images of " + ClassList.shown(without));
    }
    return new Source("image folder", leftOut, notes);
  }

  private static Images decode(
      ImageSplit part, ImageHeaders headers, int channels, int width, int height) {
    int count = part.files().size();
    Pixels pixels = new Pixels(part.folder().toString(), count, channels, height, width);
    short[] labels = new short[count];
    AllImages.forEach(
        count,
        row -> {
          labels[row] = part.labels().get(row).shortValue();
          Bitmap image =
              ImageFile.decode(part.files().get(row), headers.kinds().get(row), channels);
          boolean fits = image.width() == width && image.height() == height;
          pixels.set(row, fits ? image : Resizing.square(image, width));
        });
    return new Images(pixels, labels);
  }
}
