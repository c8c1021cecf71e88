package io.dlion.data.image;

import io.dlion.core.Phrase;
import io.dlion.core.UserError;
import io.dlion.data.bitmap.ImageFile;
import io.dlion.data.file.ComposedNames;
import io.dlion.data.file.Folder;
import io.dlion.data.file.OtherFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The image files of one split, in order of class and name.
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
   */
  static ImageSplit list(Path path, List<String> known) {
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
    folder.folders().forEach(split::add);
    if (split.files.isEmpty()) {
      throw new UserError(path + ": expected a folder per class, found none");
    }
    return split;
  }

  private void add(Path classFolder) {
    int label = classNames.indexOf(className(classFolder));
    if (label < 0) {
      throw new UserError(
          Phrase.of(
              "%s: no class of that name in the training data, there are %s",
              classFolder, String.join(", ", classNames)));
    }
    ImageFiles found = ImageFiles.in(classFolder);
    if (found.images().isEmpty()) {
      throw new UserError(
          Phrase.of(
              "%s: expected %s files of this class, found none%s; add some or remove the folder",
              classFolder,
              ImageFile.FORMATS,
              OtherFiles.summary(found.others()).map(o -> " but " + o).orElse("")));
    }
    files.addAll(found.images());
    found.images().forEach(_ -> labels.add(label));
    others.addAll(found.others());
  }

  private static String className(Path folder) {
    return ComposedNames.composed(Folder.name(folder));
  }
}
