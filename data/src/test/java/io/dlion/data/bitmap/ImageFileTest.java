package io.dlion.data.bitmap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.dlion.core.UserError;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.IndexColorModel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The files among the resources were written by Pillow, which gives the values expected here. */
class ImageFileTest {
  private static final int GREY = BufferedImage.TYPE_BYTE_GRAY;
  private static final int COLOUR = BufferedImage.TYPE_3BYTE_BGR;

  @TempDir Path folder;

  private Path file(String name, byte[] bytes) throws IOException {
    return Files.write(folder.resolve(name), bytes);
  }

  private Path resource(String name) throws IOException {
    try (InputStream in = getClass().getResourceAsStream("/images/" + name)) {
      return file(name, Objects.requireNonNull(in, name).readAllBytes());
    }
  }

  private static byte[] written(BufferedImage image, String format) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    assertThat(ImageIO.write(image, format, out)).as(format).isTrue();
    return out.toByteArray();
  }

  private static BufferedImage image(int type, int width, int height, int... samples) {
    BufferedImage image = new BufferedImage(width, height, type);
    image.getRaster().setPixels(0, 0, width, height, samples);
    return image;
  }

  private static int[] read(Path file) {
    ImageKind kind = ImageFile.kind(file);
    Bitmap image = ImageFile.decode(file, kind, kind.grey() ? 1 : 3);
    assertThat(image.width()).isEqualTo(kind.width());
    assertThat(image.height()).isEqualTo(kind.height());
    int[] values = new int[image.samples().length];
    for (int i = 0; i < values.length; i++) {
      values[i] = image.samples()[i] & 0xff;
    }
    return values;
  }

  @ParameterizedTest
  @ValueSource(strings = {"png", "bmp", "tiff"})
  void readsColoursByContentWhateverTheNameSays(String format) throws IOException {
    int[] samples = {255, 0, 10, 0, 255, 20};
    Path file = file("a.jpg", written(image(COLOUR, 2, 1, samples), format));
    assertThat(read(file)).containsExactly(samples);
  }

  @Test
  void readsGifFilesByTheirPalette() throws IOException {
    BufferedImage image = image(COLOUR, 2, 1, 255, 0, 0, 0, 0, 255);
    BufferedImage indexed = new BufferedImage(2, 1, BufferedImage.TYPE_BYTE_INDEXED);
    indexed.createGraphics().drawImage(image, 0, 0, null);
    assertThat(read(file("a.gif", written(indexed, "gif")))).containsExactly(255, 0, 0, 0, 0, 255);
  }

  @Test
  void readsLossyWebpWithoutDrift() throws IOException {
    int[] samples = read(resource("gradient.webp"));
    assertThat(samples).hasSize(96 * 64 * 3);
    assertThat(samples[0]).isBetween(0, 2);
    assertThat(samples[3 * 95]).isBetween(94, 96);
    assertThat(samples[3 * (30 * 96 + 40)]).isBetween(99, 101);
    assertThat(samples[3 * (63 * 96 + 95)]).isBetween(219, 221);
  }

  @Test
  void dropsTransparencyAndTurnsWebpByItsExifData() throws IOException {
    Path file = resource("alpha-turned.webp");
    assertThat(ImageFile.kind(file)).isEqualTo(new ImageKind(2, 3, false, true, true));
    assertThat(read(file))
        .containsExactly(30, 60, 90, 0, 0, 0, 40, 80, 120, 10, 20, 30, 50, 100, 150, 20, 40, 60);
  }

  @Test
  void dropsTheTransparencyOfPng() throws IOException {
    BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_INT_ARGB);
    image.setRGB(0, 0, 0x00102030);
    image.setRGB(1, 0, 0x80405060);
    Path file = file("a.png", written(image, "png"));
    assertThat(ImageFile.kind(file).transparent()).isTrue();
    assertThat(read(file)).containsExactly(0x10, 0x20, 0x30, 0x40, 0x50, 0x60);
  }

  @Test
  void readsCmykAsPillowDoes() throws IOException {
    int[] samples = read(resource("cmyk.jpg"));
    assertThat(samples).hasSize(16 * 16 * 3);
    assertThat(samples[0]).isBetween(203, 207);
    assertThat(samples[1]).isBetween(42, 46);
    assertThat(samples[2]).isBetween(123, 127);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4})
  void greyOfFewBitsIsGrey(int bits) throws IOException {
    int levels = 1 << bits;
    byte[] ramp = new byte[levels];
    for (int i = 0; i < levels; i++) {
      ramp[i] = (byte) (i * 255 / (levels - 1));
    }
    ColorModel model = new IndexColorModel(bits, levels, ramp, ramp, ramp);
    BufferedImage image =
        new BufferedImage(3, 1, BufferedImage.TYPE_BYTE_BINARY, (IndexColorModel) model);
    image.getRaster().setPixels(0, 0, 3, 1, new int[] {0, levels - 1, levels / 2});
    byte[] png = written(image, "png");
    assertThat(png[24]).as("bit depth").isEqualTo((byte) bits);
    assertThat(png[25]).as("colour type: grey").isZero();
    Path file = file("a.png", png);
    assertThat(ImageFile.kind(file).grey()).isTrue();
    assertThat(read(file)).containsExactly(0, 255, ramp[levels / 2] & 0xff);
  }

  @Test
  void aPaletteIsGreyWhereAllItsColoursAre() throws IOException {
    byte[] ramp = {0, 77, (byte) 200, 9};
    byte[] other = {0, 77, (byte) 200, 10};
    for (byte[] blue : new byte[][] {ramp, other}) {
      BufferedImage image =
          new BufferedImage(
              3, 1, BufferedImage.TYPE_BYTE_INDEXED, new IndexColorModel(8, 4, ramp, ramp, blue));
      image.getRaster().setPixels(0, 0, 3, 1, new int[] {2, 1, 0});
      Path file = file("a.png", written(image, "png"));
      boolean grey = Arrays.equals(blue, ramp);
      assertThat(ImageFile.kind(file).grey()).isEqualTo(grey);
      assertThat(read(file))
          .containsExactly(
              grey ? new int[] {200, 77, 0} : new int[] {200, 200, 200, 77, 77, 77, 0, 0, 0});
    }
  }

  @Test
  void sixteenBitsAreCutToTheUpperEight() throws IOException {
    BufferedImage image = image(BufferedImage.TYPE_USHORT_GRAY, 2, 1, 0xABCD, 0x12FF);
    assertThat(read(file("a.png", written(image, "png")))).containsExactly(0xAB, 0x12);
  }

  @Test
  void greyJpegIsGrey() throws IOException {
    byte[] jpeg = written(image(GREY, 1, 1, 100), "jpg");
    assertThat(ImageFile.kind(file("a.jpg", jpeg)).grey()).isTrue();
  }

  private static final String[] TURNED = {
    "1 2 3 4 5 6", "3 2 1 6 5 4", "6 5 4 3 2 1", "4 5 6 1 2 3",
    "1 4 2 5 3 6", "4 1 5 2 6 3", "6 3 5 2 4 1", "3 6 2 5 1 4"
  };

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void theOrientationTagIsAppliedInPngAndTiff(int tag) throws IOException {
    int[] samples = {1, 2, 3, 4, 5, 6};
    int[] turned =
        Arrays.stream(TURNED[tag - 1].split(" ", -1)).mapToInt(Integer::parseInt).toArray();
    byte[] png = ExifBytes.png(written(image(GREY, 3, 2, samples), "png"), tag);
    assertThat(read(file("a.png", png))).containsExactly(turned);
    assertThat(read(file("a.tif", ExifBytes.tiff(3, 2, tag, samples)))).containsExactly(turned);
  }

  @ParameterizedTest
  @CsvSource({"1, 16, 8, 20", "3, 16, 8, 200", "6, 8, 16, 20", "8, 8, 16, 200"})
  void theOrientationTagIsAppliedInJpeg(int tag, int width, int height, int firstValue)
      throws IOException {
    int[] samples = new int[16 * 8];
    Arrays.setAll(samples, i -> i % 16 < 8 ? 20 : 200);
    byte[] jpeg = ExifBytes.jpeg(written(image(GREY, 16, 8, samples), "jpg"), tag);
    Path file = file("a.jpg", jpeg);
    assertThat(ImageFile.kind(file)).isEqualTo(new ImageKind(width, height, true, false, tag != 1));
    assertThat(read(file)[0]).isBetween(firstValue - 5, firstValue + 5);
  }

  @Test
  void damagedExifDataIsNoReasonToRefuseAnImage() throws IOException {
    byte[] jpeg = ExifBytes.jpeg(written(image(GREY, 1, 1, 100), "jpg"), 6);
    Arrays.fill(jpeg, 18, 22, (byte) 0xFF); // the offset of the first directory
    assertThat(read(file("a.jpg", jpeg))).hasSize(1);
  }

  @Test
  void aHeaderThatPromisesBillionsOfPixelsIsRefused() throws IOException {
    byte[] png = written(image(GREY, 1, 1, 100), "png");
    ByteBuffer.wrap(png).putInt(16, 60_000).putInt(20, 60_000);
    Path bomb = file("a.png", png);
    assertThatThrownBy(() -> ImageFile.kind(bomb))
        .isInstanceOf(UserError.class)
        .hasMessageContainingAll(bomb.toString(), "at most 178,956,970 pixels", "60000×60000");
  }

  @Test
  void anImageThatDoesNotFitIntoMemoryIsRefused() {
    assumeThat(Runtime.getRuntime().maxMemory()).isLessThan(4L << 30);
    assertThatThrownBy(() -> DecodingMemory.acquire(folder.toString(), 13_000, 13_000))
        .isInstanceOf(UserError.class)
        .hasMessageContainingAll(folder.toString(), "13000×13000", "2,578 MB", "-Xmx");
  }

  @Test
  void aDamagedImageIsNamed() throws IOException {
    byte[] png = written(image(GREY, 40, 40, new int[1600]), "png");
    Path cut = file("a.png", Arrays.copyOf(png, 45));
    assertThatThrownBy(() -> read(cut))
        .isInstanceOf(UserError.class)
        .hasMessageContainingAll(cut.toString(), "cannot be decoded")
        .hasMessageNotContaining("\n");
  }

  @Test
  void contentDecidesWhetherAFileWithoutExtensionIsAnImage() throws IOException {
    assertThat(ImageFile.isImage(file("a", written(image(GREY, 1, 1, 100), "png")))).isTrue();
    assertThat(ImageFile.isImage(file("b", new byte[] {1, 2, 3}))).isFalse();
    assertThat(ImageFile.isImage(file("c", new byte[0]))).isFalse();
  }
}
