package io.dlion.data;

import io.dlion.core.Phrase;
import io.dlion.core.UserError;
import java.util.List;

/**
 * Images to judge a model by, as a reader found them.
 *
 * @param images with class numbers of their own
 * @param classNames what those numbers mean
 * @param part what of the data they are
 * @param source how they were found
 */
record JudgedImages(Images images, List<String> classNames, Part part, Source source) {
  /**
   * Images of a folder in any of the formats.
   *
   * @param name for the description
   */
  static DataSet read(String name, Folder folder, ImagePreprocessing preprocessing) {
    String place = folder.path().toString();
    JudgedImages found;
    if (IdxFiles.isIn(folder)) {
      found = IdxFiles.judged(folder);
    } else if (CifarFiles.find(folder.path()).isPresent()) {
      found = CifarFiles.judged(CifarFiles.find(folder.path()).get());
    } else {
      found =
          ImageFolder.judged(folder, preprocessing)
              .orElseThrow(() -> Mismatch.of(place, preprocessing, "none of them"));
    }
    return found.dataSet(name, place, preprocessing);
  }

  /**
   * Encodes them as those were that the model learned from.
   *
   * @param place names the source in an error
   */
  DataSet dataSet(String name, String place, ImagePreprocessing preprocessing) {
    Pixels pixels = fitting(place, preprocessing);
    Images known = new Images(pixels, labels(place, preprocessing.namesOrNumbers()));
    return DataSet.judged(
        name,
        Contents.Images.of(preprocessing.shape()),
        new ImageExamples(known, preprocessing),
        preprocessing,
        part,
        source);
  }

  /**
   * Grey images are made colour where the model learned from such, as the reader of folders does.
   */
  private Pixels fitting(String place, ImagePreprocessing p) {
    Pixels pixels = images.pixels;
    if (pixels.width != p.width()
        || pixels.height != p.height()
        || pixels.channels > p.channels()) {
      throw new UserError(
          Phrase.of(
              "%s: expected images of %s as the model was trained on, found %s; convert them",
              place,
              Images.size(p.width(), p.height(), p.channels()),
              Images.size(pixels.width, pixels.height, pixels.channels)));
    }
    return pixels.channels < p.channels() ? pixels.coloured(place) : pixels;
  }

  /** The model's numbers of the same classes. */
  private short[] labels(String place, List<String> known) {
    int[] numbers = classNames.stream().mapToInt(known::indexOf).toArray();
    short[] labels = new short[images.labels.length];
    for (int i = 0; i < labels.length; i++) {
      int number = numbers[images.labels[i]];
      if (number < 0) {
        throw new UserError(
            Phrase.of(
                "%s: image %d (counted from 0) is of class '%s', which the model does not know; it knows %s",
                place, i, classNames.get(images.labels[i]), String.join(", ", known)));
      }
      labels[i] = (short) number;
    }
    return labels;
  }
}
