package io.dlion.data;

import io.dlion.core.Phrase;
import io.dlion.core.UserError;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A folder of JPEG and PNG files, a folder per class, either directly or in {@code train/} with
 * optional {@code test/} or {@code val/} next to it. Classes are numbered in the order of their
 * names. All images must have one size. They are grey if all of them are, else grey ones among them
 * are made colour.
 */
final class ImageFolder {
  private static final List<String> EXTENSIONS = List.of("jpg", "jpeg", "png");
  private static final List<String> TEST_FOLDERS = List.of("test", "val", "valid", "validation");
  private static final int CLASSES_MAX = Short.MAX_VALUE;

  private ImageFolder() {}

  /** Whether a folder has a training folder with class folders, or class folders with images. */
  static boolean isIn(Folder folder) {
    Path train = folder.path().resolve("train");
    return Files.isDirectory(train)
        ? !Folder.list(train).folders().isEmpty()
        : folder.folders().stream().anyMatch(f -> !imageFiles(f).isEmpty());
  }

  static DataSet read(String name, Folder folder, DataOptions options) {
    Path train = folder.path().resolve("train");
    boolean split = Files.isDirectory(train);
    List<String> given =
        options
            .encoding(ImagePreprocessing.class, folder.path().toString(), "images")
            .map(ImagePreprocessing::namesOrNumbers)
            .orElse(List.of());
    Split trainPart = Split.list(split ? train : folder.path(), given);
    Optional<Split> testPart =
        TEST_FOLDERS.stream()
            .map(folder.path()::resolve)
            .filter(f -> split && Files.isDirectory(f))
            .findFirst()
            .map(f -> Split.list(f, trainPart.classNames));
    List<Path> all =
        Stream.concat(trainPart.files.stream(), testPart.stream().flatMap(p -> p.files.stream()))
            .toList();
    ImageKind kind = commonKind(all);
    Images trainImages = decode(trainPart, kind);
    return Images.dataSet(
        name,
        trainImages,
        testPart.map(p -> decode(p, kind)),
        trainPart.classNames.size(),
        trainPart.classNames,
        Source.of("image folder"),
        options);
  }

  /**
   * The test folder where there is one, else the training folder, else the class folders that lie
   * here; empty where there are none.
   */
  static Optional<JudgedImages> judged(Folder folder, ImagePreprocessing preprocessing) {
    Optional<Path> test = withFolders(folder, TEST_FOLDERS);
    Path here = test.or(() -> withFolders(folder, List.of("train"))).orElse(folder.path());
    if (Folder.list(here).folders().stream().allMatch(f -> imageFiles(f).isEmpty())) {
      return Optional.empty();
    }
    Split part = Split.list(here, preprocessing.namesOrNumbers());
    ImageKind kind = knownKind(part.files, preprocessing);
    return Optional.of(
        new JudgedImages(
            decode(part, kind),
            part.classNames,
            test.isPresent() ? Part.TEST_SPLIT : Part.ALL,
            Source.of("image folder")));
  }

  /** The first of the folders with these names that has folders in it. */
  private static Optional<Path> withFolders(Folder folder, List<String> names) {
    return names.stream()
        .map(folder.path()::resolve)
        .filter(f -> Files.isDirectory(f) && !Folder.list(f).folders().isEmpty())
        .findFirst();
  }

  private static ImageKind knownKind(List<Path> files, ImagePreprocessing p) {
    List<ImageKind> kinds = files.parallelStream().map(ImageFile::kind).toList();
    for (int i = 0; i < kinds.size(); i++) {
      ImageKind kind = kinds.get(i);
      if (kind.width() != p.width()
          || kind.height() != p.height()
          || kind.channels() > p.channels()) {
        throw new UserError(
            Phrase.of(
                "%s: expected an image of %s as the model was trained on, found %s; convert it",
                files.get(i),
                Images.size(p.width(), p.height(), p.channels()),
                Images.size(kind.width(), kind.height(), kind.channels())));
      }
    }
    return new ImageKind(p.width(), p.height(), p.channels() == 1);
  }

  private static List<Path> imageFiles(Path folder) {
    return Folder.list(folder).files().stream()
        .filter(f -> Folder.hasExtension(f, EXTENSIONS))
        .toList();
  }

  /** The files of one split in order of class and name. */
  private record Split(
      Path folder, List<String> classNames, List<Path> files, List<Integer> labels) {
    /**
     * @param known class names that the folders may have; if empty, they are found here
     */
    static Split list(Path folder, List<String> known) {
      List<Path> folders = Folder.list(folder).folders();
      List<String> names = known.isEmpty() ? folders.stream().map(Folder::name).toList() : known;
      if (names.size() > CLASSES_MAX) {
        throw new UserError(
            Phrase.of(
                "%s: expected at most %,d class folders, found %,d",
                folder, CLASSES_MAX, names.size()));
      }
      List<Path> files = new ArrayList<>();
      List<Integer> labels = new ArrayList<>();
      for (Path classFolder : folders) {
        int label = names.indexOf(Folder.name(classFolder));
        if (label < 0) {
          throw new UserError(
              Phrase.of(
                  "%s: no class of that name in the training data, there are %s",
                  classFolder, String.join(", ", names)));
        }
        List<Path> images = imageFiles(classFolder);
        if (images.isEmpty()) {
          throw new UserError(
              Phrase.of(
                  "%s: expected .jpg, .jpeg or .png files of this class, found none; add some or remove the folder",
                  classFolder));
        }
        files.addAll(images);
        images.forEach(f -> labels.add(label));
      }
      if (files.isEmpty()) {
        throw new UserError(folder + ": expected a folder per class, found none");
      }
      return new Split(folder, names, files, labels);
    }
  }

  /** Looks at the headers alone, so that a wrong size is found before memory is taken. */
  private static ImageKind commonKind(List<Path> files) {
    List<ImageKind> kinds = files.parallelStream().map(ImageFile::kind).toList();
    ImageKind first = kinds.getFirst();
    for (int i = 0; i < kinds.size(); i++) {
      ImageKind kind = kinds.get(i);
      if (kind.width() != first.width() || kind.height() != first.height()) {
        throw new UserError(
            Phrase.of(
                "%s is %d×%d, but %s is %d×%d: expected images of one size; resize them",
                files.get(i),
                kind.width(),
                kind.height(),
                files.getFirst(),
                first.width(),
                first.height()));
      }
    }
    return new ImageKind(first.width(), first.height(), kinds.stream().allMatch(ImageKind::grey));
  }

  private static Images decode(Split part, ImageKind kind) {
    int count = part.files.size();
    Pixels pixels =
        new Pixels(part.folder.toString(), count, kind.channels(), kind.height(), kind.width());
    short[] labels = new short[count];
    Optional<UserError> failure =
        IntStream.range(0, count)
            .parallel()
            .mapToObj(row -> {
              labels[row] = part.labels.get(row).shortValue();
              return ImageFile.decode(
                  part.files.get(row), kind, pixels.chunk(row), pixels.offset(row));
            })
            .flatMap(Optional::stream)
            .findFirst();
    if (failure.isPresent()) {
      throw failure.get();
    }
    return new Images(pixels, labels);
  }
}
