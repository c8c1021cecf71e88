package io.dlion.data.image;

import io.dlion.data.Contents;
import io.dlion.data.DataSet;
import io.dlion.data.JudgedPart;
import io.dlion.data.Source;
import io.dlion.data.file.Folder;
import io.dlion.data.preprocessing.ImagePreprocessing;
import io.dlion.data.preprocessing.Mismatch;
import java.util.List;

/**
 * Images to judge a model by, as a reader found them.
 *
 * @param images with class numbers of their own
 * @param classNames what those numbers mean
 * @param part what of the data they are
 * @param source how they were found
 */
public record JudgedImages(Images images, List<String> classNames, JudgedPart part, Source source) {
  /**
   * Images of a folder in any of the formats.
   *
   * @param name for the description
   */
  public static DataSet read(String name, Folder folder, ImagePreprocessing preprocessing) {
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
  public DataSet dataSet(String name, String place, ImagePreprocessing preprocessing) {
    Images known = images.asIn(preprocessing, classNames, place);
    return DataSet.judged(
        name,
        Contents.Images.of(preprocessing.shape()),
        new ImageExamples(known, preprocessing),
        preprocessing,
        part,
        source);
  }
}
