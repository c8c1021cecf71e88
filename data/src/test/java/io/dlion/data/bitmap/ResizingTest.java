package io.dlion.data.bitmap;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Expected values are those of Pillow with torchvision's sizes. */
class ResizingTest {
  /** 7×5 grey. */
  private static final Bitmap WIDE = new Bitmap(7, 5, 1, samples(35, 1));

  private static byte[] samples(int pixels, int channels) {
    byte[] samples = new byte[pixels * channels];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = (byte) (i / channels * 37);
    }
    return samples;
  }

  private static int[] values(Bitmap image) {
    int[] values = new int[image.samples().length];
    for (int i = 0; i < values.length; i++) {
      values[i] = image.samples()[i] & 0xff;
    }
    return values;
  }

  @Test
  void makesSmallerByAveragingAndKeepsTheMiddle() {
    assertThat(values(Resizing.square(WIDE, 3)))
        .containsExactly(20, 78, 146, 25, 83, 151, 30, 88, 156);
  }

  @Test
  void makesLargerByInterpolating() {
    assertThat(values(Resizing.square(WIDE, 6)))
        .startsWith(30, 62, 95, 127, 160, 192, 32, 64, 97)
        .endsWith(42, 74, 107, 139, 172, 204)
        .hasSize(36);
  }

  @Test
  void treatsRowsLikeColumns() {
    Bitmap tall = Orientation.of(5).turn(WIDE);
    assertThat(values(Resizing.square(tall, 3)))
        .containsExactly(20, 25, 30, 78, 83, 88, 146, 151, 156);
  }

  @Test
  void treatsChannelsAlike() {
    int[] colour = values(Resizing.square(new Bitmap(7, 5, 3, samples(35, 3)), 3));
    int[] grey = values(Resizing.square(WIDE, 3));
    for (int i = 0; i < colour.length; i++) {
      assertThat(colour[i]).isEqualTo(grey[i / 3]);
    }
  }

  @Test
  void leavesAnImageOfThatSizeAsItIs() {
    Bitmap square = new Bitmap(5, 5, 1, samples(25, 1));
    assertThat(Resizing.square(square, 5)).isSameAs(square);
  }

  @Test
  void thinImagesDoNotGrowOutOfMemory() {
    Bitmap thread = new Bitmap(100_000, 1, 1, samples(100_000, 1));
    assertThat(Resizing.square(thread, 1024).samples()).hasSize(1024 * 1024);
  }
}
