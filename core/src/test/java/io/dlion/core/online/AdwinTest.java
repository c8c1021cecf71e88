package io.dlion.core.online;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlion.core.Seeded;
import org.junit.jupiter.api.Test;

class AdwinTest {
  private static final double DELTA = 0.002;

  @Test
  void aRiseOfErrorsIsFoundSoonAndOnlyOnce() {
    Seeded.check(
        50,
        random -> {
          Adwin adwin = new Adwin(DELTA);
          for (int i = 0; i < 2000; i++) {
            assertThat(adwin.add(random.nextDouble() < 0.1)).as("at %d", i).isFalse();
          }
          int after = 0;
          while (!adwin.add(random.nextDouble() < 0.5)) {
            after++;
            assertThat(after).isLessThan(300);
          }
          assertThat(adwin.before()).isBetween(0.02, 0.25);
          assertThat(adwin.after()).isGreaterThan(adwin.before() + 0.1);
          for (int i = 0; i < 1000; i++) {
            adwin.add(random.nextDouble() < 0.5);
          }
          assertThat(adwin.mean()).isBetween(0.4, 0.6);
          assertThat(adwin.size()).isLessThan(1500);
        });
  }

  @Test
  void falseAlarmsAreRare() {
    int[] alarms = new int[1];
    Seeded.check(
        50,
        random -> {
          Adwin adwin = new Adwin(DELTA);
          for (int i = 0; i < 5000; i++) {
            alarms[0] += adwin.add(random.nextDouble() < 0.3) ? 1 : 0;
          }
        });
    assertThat(alarms[0]).isLessThanOrEqualTo(2);
  }

  @Test
  void fallingErrorsAreForgottenWithoutAnAlarm() {
    Seeded.check(
        20,
        random -> {
          Adwin adwin = new Adwin(DELTA);
          boolean alarm = false;
          for (int i = 0; i < 4000; i++) {
            alarm |= adwin.add(random.nextDouble() < (i < 2000 ? 0.6 : 0.1));
          }
          assertThat(alarm).isFalse();
          assertThat(adwin.mean()).isLessThan(0.2);
        });
  }

  @Test
  void theWindowIsSmallInMemoryHoweverLongItIs() {
    Adwin adwin = new Adwin(DELTA);
    for (int i = 0; i < 1_000_000; i++) {
      adwin.add(i % 10 == 0);
    }
    assertThat(adwin.size()).isGreaterThan(900_000);
    assertThat(adwin.mean()).isBetween(0.0999, 0.1001);
  }

  @Test
  void manyOutcomesAtOnceAreSpreadEvenly() {
    Adwin adwin = new Adwin(DELTA);
    for (int i = 0; i < 100; i++) {
      assertThat(adwin.add(40, 4)).isFalse();
    }
    boolean risen = false;
    for (int i = 0; i < 5; i++) {
      risen |= adwin.add(40, 30);
    }
    assertThat(risen).isTrue();
  }
}
