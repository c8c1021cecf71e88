package io.dlion.core.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlion.core.Layouts;
import io.dlion.core.Seeded;
import io.dlion.core.layout.ParameterLayout;
import io.dlion.core.layout.Variable;
import io.dlion.core.wire.ValueFormat;
import org.junit.jupiter.api.Test;

final class WindowTest {
  private static final ParameterLayout LAYOUT = Layouts.of(1_000_000, 485_000, 15_000);
  private static final Variable LARGE = LAYOUT.variables().getFirst();
  private static final Variable MIDDLE = LAYOUT.variables().get(1); // 59 whole stretches
  private static final Variable SMALL = LAYOUT.variables().getLast();

  @Test
  void theLessALinkCarriesTheLessIsLookedAt() {
    // Of 1.5 million entries of 5 bytes: an entry must be sent with at least every second look.
    assertThat(stepOf(7_500_000)).isEqualTo(1);
    assertThat(stepOf(1_880_000)).isEqualTo(1); // a little more than a quarter of them
    assertThat(stepOf(1_870_000)).isEqualTo(2);
    assertThat(stepOf(75_000)).isEqualTo(32); // 1 %
    assertThat(stepOf(0)).isEqualTo(32);
    assertThat(stepOf(-5)).isEqualTo(32);
  }

  private static int stepOf(long budgetBytes) {
    return Window.of(LAYOUT, ValueFormat.FP32, budgetBytes, 0).step();
  }

  @Test
  void everyBlockHasItsTurnHoweverStepsChange() {
    Seeded.check(
        50,
        random -> {
          int from = random.nextInt();
          boolean[] shown = new boolean[LARGE.count() / 2048];
          for (int turn = from; turn < from + Window.STEP_MAX; turn++) {
            Window window = new Window(1 << random.nextInt(6), turn);
            for (int block = 0; block < shown.length; block++) {
              shown[block] |= window.shows(LARGE, block);
              assertThat(window.shows(SMALL, block)).isTrue();
            }
          }
          assertThat(shown).doesNotContain(false);
        });
  }

  @Test
  void twoStretchesAreTheLeast() {
    Window window = new Window(32, 7);
    assertThat(window.shown(LARGE)).isEqualTo(1_000_000 / 32);
    assertThat(window.shown(MIDDLE)).isEqualTo(485_000 / 16);
    assertThat(window.shown(SMALL)).isEqualTo(15_000);
  }

  @Test
  void aWindowShowsItsShare() {
    for (int turn = 0; turn < 4; turn++) {
      Window window = new Window(4, turn);
      int blocks = 0;
      for (int block = 0; block < LARGE.count() / 2048; block++) {
        blocks += window.shows(LARGE, block) ? 1 : 0;
      }
      assertThat(blocks * 2048).isBetween(LARGE.count() / 4 - 8192, LARGE.count() / 4 + 8192);
      assertThat(window.shown(LARGE)).isEqualTo(LARGE.count() / 4);
      assertThat(window.shown(SMALL)).isEqualTo(SMALL.count());
    }
  }
}
