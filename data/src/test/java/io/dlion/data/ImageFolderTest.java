package io.dlion.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dlion.core.UserError;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
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
    assertError(first.toString(), second.toString(), "2×2", "3×2", "resize");
  }

  @Test
  void anEmptyClassFolderIsNamed() throws IOException {
    image("train/a/1.png", GREY, 2, 2);
    Path empty = Files.createDirectories(folder.resolve("train/b"));
    assertError(empty.toString(), "found none");
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
    assertError(wrong.toString(), "expected a JPEG or PNG image, found 5 bytes");
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
}
