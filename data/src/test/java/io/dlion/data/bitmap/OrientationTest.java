package io.dlion.data.bitmap;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OrientationTest {
  @ParameterizedTest
  @CsvSource({
    "0, 123 456",
    "1, 123 456",
    "2, 321 654",
    "3, 654 321",
    "4, 456 123",
    "5, 14 25 36",
    "6, 41 52 63",
    "7, 63 52 41",
    "8, 36 25 14",
    "9, 123 456"
  })
  void turnsTheStoredRowsIntoThoseToBeSeen(int tag, String rows) {
    Bitmap turned = Orientation.of(tag).turn(new Bitmap(3, 2, 1, new byte[] {1, 2, 3, 4, 5, 6}));
    StringBuilder seen = new StringBuilder();
    for (int y = 0; y < turned.height(); y++) {
      for (int x = 0; x < turned.width(); x++) {
        seen.append(turned.samples()[y * turned.width() + x]);
      }
      seen.append(' ');
    }
    assertThat(seen.toString().strip()).isEqualTo(rows);
    assertThat(Orientation.of(tag).transposes()).isEqualTo(turned.width() == 2);
  }

  @ParameterizedTest
  @CsvSource({"3", "6"})
  void keepsTheChannelsOfAPixelTogether(int tag) {
    Bitmap stored = new Bitmap(2, 1, 3, new byte[] {1, 2, 3, 4, 5, 6});
    assertThat(Orientation.of(tag).turn(stored).samples())
        .containsExactly(tag == 3 ? new byte[] {4, 5, 6, 1, 2, 3} : new byte[] {1, 2, 3, 4, 5, 6});
  }
}
