package io.dlion.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.dlion.data.recognise.DataSets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The readers on data as their publishers ship them; skipped where they are not at hand. */
class RealDataTest {
  private static DataSet open(String name) {
    return open(name, DataOptions.defaults());
  }

  private static DataSet open(String name, DataOptions options) {
    Path shared =
        Optional.ofNullable(System.getenv("DLION_SHARED_DATA"))
            .map(Path::of)
            .orElseGet(() ->
                Path.of(Objects.requireNonNull(System.getProperty("dlion.root")))
                    .resolve("../shared/data"));
    Path data = shared.resolve(name);
    assumeThat(Files.exists(data)).as("no real data at " + data).isTrue();
    return DataSets.open(data.toString(), options);
  }

  @Test
  void fashionMnist() {
    DataSet set = open("fashion-mnist");
    assertThat(set.description()).isEqualTo("60,000 + 10,000 grey images 28×28, 10 classes, IDX");
    assertThat(set.train().label(0)).isEqualTo(9);
    // Published: mean 0.2860, deviation 0.3530; the first pixel is black.
    assertThat(Copies.input(set.train(), 0)[0]).isBetween(-0.8103f, -0.8101f);
  }

  @Test
  void occupancy() {
    DataSet set = open("occupancy");
    assertThat(set.train().count()).isEqualTo(8_143);
    assertThat(set.test().count()).isEqualTo(2_665 + 9_752);
    assertThat(set.train().shape().input()).containsExactly(5);
    assertThat(set.classNames()).containsExactly("0", "1");
    assertThat(set.description())
        .contains(
            "'Occupancy'",
            "left out: column 'row number' (numbers the rows), column 'date' (date or time)");
  }

  @Test
  void occupancyInWindows() {
    DataSet set = open("occupancy", DataOptions.defaults().withWindow(10));
    assertThat(set.train().shape().input()).containsExactly(10, 5);
    assertThat(set.train().count()).isEqualTo(814);
    assertThat(set.test().count()).isEqualTo(266 + 975);
  }

  @Test
  void occupancyOfOneFile() {
    assertThat(open("occupancy/datatest2.txt").train().count()).isEqualTo(8_777);
  }

  @Test
  void tinyShakespeare() {
    DataSet set = open("tinyshakespeare");
    assertThat(set.train().shape().outputs()).isEqualTo(65);
    assertThat(set.description()).contains("1,115,394");
  }
}
