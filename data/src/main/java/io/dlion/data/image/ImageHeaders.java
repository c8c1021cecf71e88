package io.dlion.data.image;

import io.dlion.core.Phrase;
import io.dlion.core.UserError;
import io.dlion.data.bitmap.ImageFile;
import io.dlion.data.bitmap.ImageKind;
import io.dlion.data.file.OtherFiles;
import io.dlion.data.preprocessing.ImagePreprocessing;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

/**
 * Sizes and colours of image files, from their headers alone: what cannot be used is found before
 * memory is taken.
 *
 * @param files the files
 * @param kinds what each is
 */
record ImageHeaders(List<Path> files, List<ImageKind> kinds) {
  static ImageHeaders read(List<Path> files) {
    ImageKind[] kinds = new ImageKind[files.size()];
    AllImages.forEach(kinds.length, i -> kinds[i] = ImageFile.kind(files.get(i)));
    return new ImageHeaders(files, Arrays.asList(kinds));
  }

  /** Those of the files from one number to another, exclusively. */
  ImageHeaders part(int from, int to) {
    return new ImageHeaders(files.subList(from, to), kinds.subList(from, to));
  }

  /** 1 where all are grey, else 3. */
  int channels() {
    return kinds.stream().allMatch(ImageKind::grey) ? 1 : 3;
  }

  /** What was done to some of them that other programs may not do. */
  List<String> notes() {
    List<String> notes = new ArrayList<>();
    int turned = count(ImageKind::turned);
    if (turned > 0) {
      notes.add(OtherFiles.count(turned, "image") + " turned by the orientation tag");
    }
    int transparent = count(ImageKind::transparent);
    if (transparent > 0) {
      notes.add("transparency of " + OtherFiles.count(transparent, "image") + " dropped");
    }
    return notes;
  }

  private int count(Predicate<ImageKind> property) {
    return (int) kinds.stream().filter(property).count();
  }

  /** Fails where they are not all of one size. */
  void requireOneSize() {
    ImageKind first = kinds.getFirst();
    for (int i = 0; i < kinds.size(); i++) {
      ImageKind kind = kinds.get(i);
      if (kind.width() != first.width() || kind.height() != first.height()) {
        throw new UserError(
            Phrase.of(
                "%s is %d×%d, but %s is %d×%d: expected images of one size; --image-size 64 brings all to 64×64 (resizes the shorter side, keeps the middle)",
                files.get(i),
                kind.width(),
                kind.height(),
                files.getFirst(),
                first.width(),
                first.height()));
      }
    }
  }

  /** Fails where a model cannot be asked about one of them. */
  void requireFitting(ImagePreprocessing model) {
    for (int i = 0; i < kinds.size(); i++) {
      ImageKind kind = kinds.get(i);
      boolean size =
          model.resized() || (kind.width() == model.width() && kind.height() == model.height());
      if (!size || (model.channels() == 1 && !kind.grey())) {
        throw new UserError(
            Phrase.of(
                "%s: expected an image of %s as the model was trained on, found %s; convert it",
                files.get(i),
                ImagePreprocessing.size(model.width(), model.height(), model.channels()),
                ImagePreprocessing.size(kind.width(), kind.height(), kind.grey() ? 1 : 3)));
      }
    }
  }
}
