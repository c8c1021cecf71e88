package io.dlion.data.image;

import io.dlion.core.Phrase;
import io.dlion.core.UserError;
import io.dlion.data.bitmap.ImageFile;
import io.dlion.data.file.Folder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The files of a class folder and of the folders in it, in order of their names.
 *
 * @param images by their extension; where they have none, by their content
 * @param others files that are no images, and links that lead nowhere
 */
record ImageFiles(List<Path> images, List<Path> others) {
  private static final int DEPTH_MAX = 16;

  /** All files in a folder. */
  static ImageFiles in(Path folder) {
    ImageFiles found = new ImageFiles(new ArrayList<>(), new ArrayList<>());
    found.collect(folder, 0);
    return found;
  }

  private void collect(Path path, int depth) {
    Folder folder = list(path, depth);
    for (Path file : folder.files()) {
      (isImage(file) ? images : others).add(file);
    }
    others.addAll(Folder.brokenLinks(path));
    folder.folders().forEach(f -> collect(f, depth + 1));
  }

  /** Whether there is an image in a folder. */
  static boolean anyIn(Path folder) {
    return anyIn(folder, 0);
  }

  private static boolean anyIn(Path path, int depth) {
    Folder folder = list(path, depth);
    return folder.files().stream().anyMatch(ImageFiles::isImage)
        || folder.folders().stream().anyMatch(f -> anyIn(f, depth + 1));
  }

  private static Folder list(Path path, int depth) {
    if (depth > DEPTH_MAX) {
      throw new UserError(
          Phrase.of(
              "%s: expected at most %d folders in each other; does a link lead back to one of them?",
              path, DEPTH_MAX));
    }
    return Folder.list(path);
  }

  static boolean isImage(Path file) {
    return Folder.extension(file).isEmpty()
        ? ImageFile.isImage(file)
        : Folder.hasExtension(file, ImageFile.EXTENSIONS);
  }
}
