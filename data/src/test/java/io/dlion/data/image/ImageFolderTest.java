package io.dlion.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dlion.core.UserError;
import io.dlion.data.Copies;
import io.dlion.data.DataOptions;
import io.dlion.data.DataSet;
import io.dlion.data.bitmap.ExifBytes;
import io.dlion.data.recognise.DataSets;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageFolderTest {
  private static final int GREY = BufferedImage.TYPE_BYTE_GRAY;
  private static final int COLOUR = BufferedImage.TYPE_3BYTE_BGR;

  @TempDir Path folder;

  private Path image(String name, int type, int width, int height, int... samples)
      throws IOException {
    BufferedImage image = new BufferedImage(width, height, type);
    if (samples.length > 0) {
      image.getRaster().setPixels(0, 0, width, height, samples);
    }
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    ImageIO.write(image, name.endsWith("png") ? "png" : "jpg", file.toFile());
    return file;
  }

  private DataSet open() {
    return DataSets.open(folder.toString(), DataOptions.defaults());
  }

  private DataSet open(int imageSize) {
    return DataSets.open(folder.toString(), DataOptions.defaults().withImageSize(imageSize));
  }

  @Test
  void readsTrainingAndTestFoldersWithClassesInOrderOfTheirNames() throws IOException {
    image("train/owl/1.png", COLOUR, 2, 1, 255, 0, 10, 0, 255, 10);
    image("train/ant/1.jpg", COLOUR, 2, 1);
    image("train/ant/2.jpeg", COLOUR, 2, 1);
    image("test/owl/1.png", COLOUR, 2, 1);
    DataSet set = open();
    assertThat(set.classNames()).containsExactly("ant", "owl");
    assertThat(set.train().count()).isEqualTo(3);
    assertThat(set.test().count()).isEqualTo(1);
    assertThat(set.test().label(0)).isEqualTo(1);
    float[] owl = Copies.input(set.train(), 2);
    assertThat(owl[0]).as("red of the first pixel").isPositive().isGreaterThan(owl[3]);
    assertThat(owl[4]).as("green of the second pixel").isPositive().isGreaterThan(owl[1]);
    assertThat(set.description()).contains("3 + 1 colour images 2×1, 2 classes, image folder");
  }

  @Test
  void readsGreySamplesAsTheyAreStored() throws IOException {
    image("a/1.png", GREY, 2, 1, 0, 100);
    image("b/1.png", GREY, 2, 1, 0, 100);
    DataSet set = open();
    assertThat(set.train().shape().input()).containsExactly(1, 1, 2);
    assertThat(Copies.input(set.train(), 0)).containsExactly(-1, 1);
    assertThat(set.description()).contains("10 % held out");
  }

  @Test
  void greyImagesAmongColouredOnesBecomeColoured() throws IOException {
    image("train/a/1.png", GREY, 1, 1, 77);
    image("train/b/1.png", COLOUR, 1, 1, 77, 77, 77);
    image("val/b/1.png", COLOUR, 1, 1);
    DataSet set = open();
    assertThat(set.train().shape().input()).containsExactly(3, 1, 1);
    assertThat(Copies.input(set.train(), 0)).isEqualTo(Copies.input(set.train(), 1));
  }

  @Test
  void imagesOfMixedSizeAreNamedWithTheirSizes() throws IOException {
    Path first = image("a/1.png", GREY, 2, 2);
    Path second = image("b/1.png", GREY, 3, 2);
    assertError(first.toString(), second.toString(), "2×2", "3×2", "--image-size 64");
  }

  @Test
  void anEmptyFolderIsAClassWithoutImages() throws IOException {
    image("train/a/1.png", GREY, 2, 2);
    image("train/c/1.png", GREY, 2, 2);
    Path empty = Files.createDirectories(folder.resolve("train/b"));
    DataSet set = open();
    assertThat(set.classNames()).containsExactly("a", "b", "c");
    assertThat(set.description()).contains("no images of b");
    Files.writeString(empty.resolve("notes.pdf"), "no image");
    assertError(empty.toString(), "found none but 1 file (1 .pdf)");
  }

  @Test
  void foldersThatAreAllEmptyAreSaid() throws IOException {
    Files.createDirectories(folder.resolve("train/a"));
    assertError(folder.resolve("train").toString(), "found all of them empty");
  }

  @Test
  void aTestClassThatIsNotTrainedIsNamed() throws IOException {
    image("train/a/1.png", GREY, 2, 2);
    image("train/b/1.png", GREY, 2, 2);
    image("test/c/1.png", GREY, 2, 2);
    assertError(folder.resolve("test/c").toString(), "there are a, b");
  }

  @Test
  void aFileThatIsNoImageIsNamed() throws IOException {
    image("a/1.png", GREY, 2, 2);
    Path wrong = Files.writeString(folder.resolve("a/2.png"), "hello");
    assertError(wrong.toString(), "expected an image (JPEG, PNG", "found 5 bytes that are none");
  }

  @Test
  void aTruncatedImageIsNamed() throws IOException {
    image("a/1.png", GREY, 40, 40);
    Path cut = image("a/2.png", GREY, 40, 40);
    Files.write(cut, Arrays.copyOf(Files.readAllBytes(cut), 45));
    assertError(cut.toString(), "cannot be decoded");
  }

  @Test
  void aJpegThatEndsEarlyIsNamed() throws IOException {
    int[] noise = new SplittableRandom(3).ints(64 * 64, 0, 256).toArray();
    image("a/1.jpg", GREY, 64, 64, noise);
    Path cut = image("a/2.jpg", GREY, 64, 64, noise);
    byte[] whole = Files.readAllBytes(cut);
    Files.write(cut, Arrays.copyOf(whole, whole.length / 2));
    assertError(cut.toString(), "cannot be decoded");
  }

  private void assertError(String... parts) {
    assertThatThrownBy(this::open)
        .isInstanceOf(UserError.class)
        .hasMessageContainingAll(parts)
        .hasMessageNotContaining("\n");
  }

  @Test
  void oneClassAloneIsAnError() throws IOException {
    image("train/owl/1.png", GREY, 2, 1);
    image("train/owl/2.png", GREY, 2, 1);
    assertThatThrownBy(this::open)
        .isInstanceOf(UserError.class)
        .hasMessage(folder + ": expected at least two classes, found only 'owl'");
  }

  @Test
  void filesInFoldersOfAClassFolderBelongToTheClass() throws IOException {
    image("a/2.png", GREY, 2, 1, 1, 2);
    image("a/more/deep/1.png", GREY, 2, 1, 3, 4);
    image("b/only/1.PNG", GREY, 2, 1, 5, 6);
    DataSet set = open();
    assertThat(set.classNames()).containsExactly("a", "b");
    assertThat(set.train().count() + set.test().count()).isEqualTo(3);
  }

  @Test
  void whatSystemsAddByThemselvesIsIgnored() throws IOException {
    for (String split : List.of("train", "test")) {
      for (String name : List.of("a", "b")) {
        image(split + "/" + name + "/1.png", GREY, 2, 1, 3, 4);
        for (String clutter : List.of(".DS_Store", "._1.png", "Thumbs.db", "desktop.ini")) {
          Files.writeString(folder.resolve(split + "/" + name + "/" + clutter), "?");
        }
      }
      image(split + "/__MACOSX/a/1.png", COLOUR, 2, 1);
      image(split + "/.hidden/1.png", COLOUR, 2, 1);
    }
    DataSet set = open();
    assertThat(set.classNames()).containsExactly("a", "b");
    assertThat(set.train().count()).isEqualTo(2);
    assertThat(set.train().shape().input()).containsExactly(1, 1, 2);
    assertThat(set.description()).doesNotContain("left out");
  }

  @Test
  void whatIsNotReadIsCountedAndNamed() throws IOException {
    image("a/1.png", GREY, 2, 1, 1, 2);
    image("b/1.png", GREY, 2, 1, 3, 4);
    image("loose.png", GREY, 2, 1, 3, 4);
    for (String name : List.of("a/1.heic", "a/2.heic", "a/x/notes.txt", "b/3.HEIC", "b/README")) {
      Files.createDirectories(folder.resolve(name).getParent());
      Files.writeString(folder.resolve(name), "?");
    }
    Files.createSymbolicLink(folder.resolve("b/gone.png"), folder.resolve("b/nowhere.png"));
    assertThat(open().description())
        .contains("left out: 6 files (3 .heic, 1 .txt, 1 broken links, 1 without extension)")
        .contains("1 image (in no class folder)");
  }

  @Test
  void aClassOfWhichNothingCanBeReadIsNamedWithWhatThereIs() throws IOException {
    image("a/1.png", GREY, 2, 1, 1, 2);
    Files.writeString(Files.createDirectories(folder.resolve("b")).resolve("1.heic"), "?");
    assertError(folder.resolve("b").toString(), "found none but 1 file (1 .heic)");
  }

  @Test
  void droppedTransparencyIsTold() throws IOException {
    image("a/1.png", BufferedImage.TYPE_4BYTE_ABGR, 2, 1);
    image("b/1.png", COLOUR, 2, 1);
    assertThat(open().description()).contains("transparency of 1 image dropped");
  }

  @Test
  void imagesAreTurnedAsViewersDoBeforeSizesAreCompared() throws IOException {
    Path file = image("a/1.jpg", GREY, 16, 8);
    Files.write(file, ExifBytes.jpeg(Files.readAllBytes(file), 6));
    image("b/1.jpg", GREY, 8, 16);
    DataSet set = open();
    assertThat(set.train().shape().input()).containsExactly(1, 16, 8);
    assertThat(set.description()).contains("1 image turned by the orientation tag");
  }

  @Test
  void linksAreFollowed() throws IOException {
    Path elsewhere = image("a/1.png", GREY, 2, 1, 3, 4);
    Files.createDirectories(folder.resolve("b"));
    Files.createSymbolicLink(folder.resolve("b/link.png"), elsewhere);
    Files.createSymbolicLink(folder.resolve("c"), folder.resolve("a"));
    assertThat(open().classNames()).containsExactly("a", "b", "c");
    Files.createSymbolicLink(folder.resolve("a/back"), folder);
    assertError("does a link lead back");
  }

  @Test
  void namesAreComparedInTheirComposedForm() throws IOException {
    String composed = "Größe";
    String decomposed = Normalizer.normalize(composed, Normalizer.Form.NFD);
    assertThat(decomposed).isNotEqualTo(composed);
    image("train/" + decomposed + "/1.png", GREY, 2, 1, 1, 2);
    image("train/b/1.png", GREY, 2, 1, 3, 4);
    image("test/" + composed + "/1.png", GREY, 2, 1, 1, 2);
    DataSet set = open();
    assertThat(set.classNames()).containsExactly(composed, "b");
    assertThat(set.test().label(0)).isZero();
  }

  @Test
  void allBrokenImagesAreCountedAndTheFirstOnesNamed() throws IOException {
    for (int i = 0; i < 8; i++) {
      image("a/" + i + ".png", GREY, 2, 2);
      Files.writeString(folder.resolve("a/broken" + i + ".png"), "hello");
    }
    image("b/1.png", GREY, 2, 2);
    assertThatThrownBy(this::open)
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith("8 of 17 images cannot be read; mend them or remove them")
        .hasMessageContainingAll("The first 5: ", "broken0.png", "broken4.png")
        .hasMessageNotContaining("broken5.png");
  }

  @Test
  void imagesOfSeveralSizesAreBroughtToOne() throws IOException {
    image("train/a/1.png", GREY, 4, 2, 0, 50, 50, 99, 0, 50, 50, 99);
    image("train/b/1.png", GREY, 2, 6, 80, 80, 80, 80, 7, 7, 7, 7, 80, 80, 80, 80);
    image("test/b/1.png", GREY, 2, 2, 7, 7, 7, 7);
    DataSet set = open(2);
    assertThat(set.train().shape().input()).containsExactly(1, 2, 2);
    assertThat(Copies.input(set.train(), 0)).as("the middle").containsOnly(1);
    assertThat(Copies.input(set.train(), 1)).as("the middle").containsOnly(-1);
    assertThat(Copies.input(set.test(), 0)).isEqualTo(Copies.input(set.train(), 1));
    assertThat(set.description()).contains("grey images 2×2");
  }
}
