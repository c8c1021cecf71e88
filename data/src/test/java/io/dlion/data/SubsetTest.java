package io.dlion.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dlion.core.learn.Subset;
import io.dlion.data.recognise.DataSets;
import org.junit.jupiter.api.Test;

class SubsetTest {
  private final DataSet shapes = DataSets.open("generated:blobs", DataOptions.defaults());

  @Test
  void aSubsetOfASubsetHasTheRowsOfTheWhole() {
    Subset outer = new Subset(shapes.train(), new int[] {5, 9, 2});
    Subset inner = new Subset(outer, new int[] {2, 1});
    assertThat(inner.count()).isEqualTo(2);
    assertThat(inner.shape()).isEqualTo(shapes.train().shape());
    assertThat(Copies.input(inner, 0)).isEqualTo(Copies.input(shapes.train(), 2));
    assertThat(Copies.targets(inner, 1)).isEqualTo(Copies.targets(shapes.train(), 9));
    assertThat(inner.label(1)).isEqualTo(shapes.train().label(9));
  }

  @Test
  void aRowThatIsNotThereIsAnError() {
    assertThatThrownBy(() -> new Subset(shapes.train(), new int[] {3_000}))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }
}
