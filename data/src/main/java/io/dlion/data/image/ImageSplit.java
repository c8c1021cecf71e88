package io.dlion.data.image;

import io.dlion.core.Phrase;
import io.dlion.core.UserError;
import io.dlion.data.ClassList;
import io.dlion.data.bitmap.ImageFile;
import io.dlion.data.file.ComposedNames;
import io.dlion.data.file.Folder;
import io.dlion.data.file.OtherFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * The image files of one split, in order of class and name. An empty folder is a class of which
 * there is nothing.
 *
 * @param folder that holds the class folders
 * @param classNames in order of their numbers
 * @param files those that are read
 * @param labels the class number of each
 * @param others files in class folders that are not read
 * @param loose images that are in no class folder
 */
record ImageSplit(
    Path folder,
    List<String> classNames,
    List<Path> files,
    List<Integer> labels,
    List<Path> others,
    List<Path> loose) {
  private static final int CLASSES_MAX = Short.MAX_VALUE;

  /**
   * Lists the class folders in a folder.
   *
   * @param known class names that the folders may have; if empty, they are found here
   * @param given whether those names are given by {@link ClassList}
   */
  static ImageSplit list(Path path, List<String> known, boolean given) {
    Folder folder = Folder.list(path);
    List<String> names =
        known.isEmpty()
            ? folder.folders().stream().map(ImageSplit::className).distinct().toList()
            : known;
    if (names.size() > CLASSES_MAX) {
      throw new UserError(
          Phrase.of(
              "%s: expected at most %,d class folders, found %,d",
              path, CLASSES_MAX, names.size()));
    }
    ImageSplit split =
        new ImageSplit(
            path,
            names,
            new ArrayList<>(),
            new ArrayList<>(),
            new ArrayList<>(),
            folder.files().stream()
                .filter(f -> Folder.hasExtension(f, ImageFile.EXTENSIONS))
                .toList());
    folder.folders().forEach(f -> split.add(f, given));
    if (split.files.isEmpty()) {
      throw new UserError(
          folder.folders().isEmpty()
              ? path + ": expected a folder per class, found none"
              : path + ": expected images in the folders of classes, found all of them empty");
    }
    return split;
  }

  private void add(Path classFolder, boolean given) {
    int label = classNames.indexOf(className(classFolder));
    if (label < 0) {
      throw new UserError(
          given
              ? Phrase.of(
                  "%s: found class '%s', %s",
                  classFolder,
                  className(classFolder),
                  ClassList.advice(classNames, "move the folder away"))
              : Phrase.of(
                  "%s: no class of that name in the training data, there are %s",
                  classFolder, String.join(", ", classNames)));
    }
    ImageFiles found = ImageFiles.in(classFolder);
    if (found.images().isEmpty() && !found.others().isEmpty()) {
      throw new UserError(
          Phrase.of(
              "%s: expected %s files of this class, found none but %s; add some or remove the folder",
              classFolder,
              ImageFile.FORMATS,
              OtherFiles.summary(found.others()).map(Object::toString).orElseThrow()));
    }
    files.addAll(found.images());
    found.images().forEach(_ -> labels.add(label));
    others.addAll(found.others());
  }

  List<String> classesWithoutImages() {
    Set<Integer> used = new HashSet<>(labels);
    return IntStream.range(0, classNames.size())
        .filter(c -> !used.contains(c))
        .mapToObj(classNames::get)
        .toList();
  }

  private static String className(Path folder) {
    return ComposedNames.composed(Folder.name(folder));
  }
}
