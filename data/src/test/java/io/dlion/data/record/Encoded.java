package io.dlion.data.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.dlion.core.learn.Examples;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import javax.imageio.ImageIO;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Examples as bytes, and the records that they come from. */
final class Encoded {
  private Encoded() {}

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static byte[] bytes(MemorySegment example) {
    return example.toArray(ValueLayout.JAVA_BYTE);
  }

  /** What a data set gives for a row: its input and then its target. */
  static byte[] row(Examples examples, int row) {
    var shape = examples.shape();
    int inputBytes = shape.inputElements() * shape.inputElementBytes();
    byte[] both = new byte[inputBytes + shape.targetElements() * shape.targetElementBytes()];
    MemorySegment segment = MemorySegment.ofArray(both);
    examples.copy(new int[] {row}, 1, segment.asSlice(0, inputBytes), segment.asSlice(inputBytes));
    return both;
  }

  static void assertRow(MemorySegment example, Examples examples, int row) {
    byte[] expected = row(examples, row);
    if (!Arrays.equals(bytes(example), expected)) { // fast, for there are many rows
      assertThat(bytes(example)).as("row %d", row).isEqualTo(expected);
    }
  }

  static void assertUnfit(ThrowingCallable record, String kind, String... told) {
    UnfitRecordException e = catchThrowableOfType(UnfitRecordException.class, record);
    assertThat(e).as("an unfit record").isNotNull();
    assertThat(e.kind()).isEqualTo(kind);
    for (String text : told) {
      assertThat(e.reason()).contains(text);
    }
  }

  static byte[] png(int width, int height, int type, long seed) throws IOException {
    BufferedImage image = new BufferedImage(width, height, type);
    var random = new SplittableRandom(seed);
    for (int i = 0; i < width * height; i++) {
      int grey = random.nextInt(256);
      boolean isGrey = type == BufferedImage.TYPE_BYTE_GRAY;
      if (isGrey) {
        image.getRaster().setSample(i % width, i / width, 0, grey);
      } else {
        image.setRGB(i % width, i / width, random.nextInt(1 << 24));
      }
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(image, "png", out);
    return out.toByteArray();
  }

  static Path real(String name) {
    Path shared =
        Optional.ofNullable(System.getenv("DLION_SHARED_DATA"))
            .map(Path::of)
            .orElseGet(() ->
                Path.of(Objects.requireNonNull(System.getProperty("dlion.root")))
                    .resolve("../shared/data"));
    Path data = shared.resolve(name);
    assumeThat(Files.exists(data)).as("no real data at " + data).isTrue();
    return data;
  }
}
