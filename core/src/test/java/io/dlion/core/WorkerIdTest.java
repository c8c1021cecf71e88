package io.dlion.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class WorkerIdTest {
  @Test
  void trailingNumbersAreComparedAsNumbers() {
    List<WorkerId> sorted =
        Stream.of("7", "10", "a", "w", "w0", "w1", "w2", "w9", "w10", "w100", "x1")
            .map(WorkerId::new)
            .toList();
    List<WorkerId> shuffled = new ArrayList<>(sorted);
    Collections.shuffle(shuffled, new Random(1));
    Collections.sort(shuffled);
    assertThat(shuffled).isEqualTo(sorted);
  }

  @Test
  void leadingZerosDoNotChangeTheNumber() {
    List<WorkerId> sorted =
        Stream.of("w01", "w02", "w09", "w10", "w012").map(WorkerId::new).toList();
    List<WorkerId> shuffled = new ArrayList<>(sorted);
    Collections.shuffle(shuffled, new Random(1));
    Collections.sort(shuffled);
    assertThat(shuffled).isEqualTo(sorted);
  }

  @Test
  void onlyEqualNamesCompareAsEqual() {
    List<WorkerId> ids =
        Stream.of("w1", "w01", "w001", "w0", "w00", "w", "W1", "1", "01", "0", "w1a", "w-1")
            .map(WorkerId::new)
            .toList();
    for (WorkerId a : ids) {
      for (WorkerId b : ids) {
        assertThat(a.compareTo(b) == 0).as("%s, %s", a, b).isEqualTo(a.equals(b));
        assertThat(Integer.signum(a.compareTo(b))).isEqualTo(-Integer.signum(b.compareTo(a)));
      }
    }
  }

  @Test
  void namesOfOtherCharactersAreRefused() {
    for (String bad : List.of("", "a b", "ä", "x/y", "w".repeat(65))) {
      assertThatThrownBy(() -> new WorkerId(bad)).isInstanceOf(UserError.class);
    }
    assertThat(new WorkerId("w".repeat(64)).name()).hasSize(64);
  }
}
