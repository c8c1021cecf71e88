package io.dlion.core.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Where tuning looks. */
class SearchSpaceTest {
  private static final double ALMOST_1 = Math.nextDown(1.0);

  @Test
  void itsScaleSpreadsValues() {
    SearchSpace linear = SearchSpace.linear(1, 3);
    assertThat(List.of(linear.value(0, false, ""), linear.value(0.5, false, "")))
        .containsExactly("1", "2");
    SearchSpace log = SearchSpace.log(4, 256);
    assertThat(List.of(log.value(0, true, ""), log.value(0.5, true, "")))
        .containsExactly("4", "32");
    assertThat(log.value(ALMOST_1, true, "")).isEqualTo("256");
    SearchSpace factor = SearchSpace.factor(0.1, 10);
    assertThat(List.of(factor.value(0.5, false, "0.05"), factor.value(ALMOST_1, false, "0.05")))
        .containsExactly("0.05", "0.5");
    SearchSpace choice = SearchSpace.choice("a", "b", "c");
    assertThat(List.of(choice.value(0, false, ""), choice.value(ALMOST_1, false, "")))
        .containsExactly("a", "c");
    assertThatThrownBy(() -> linear.value(1, false, ""))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void itKnowsWhatLiesInIt() {
    SearchSpace log = SearchSpace.log(4, 256);
    assertThat(List.of("4", "256", "17")).allMatch(log::contains);
    assertThat(List.of("3", "257.5", "auto")).noneMatch(log::contains);
    SearchSpace choice = SearchSpace.choice("0", "0.9");
    assertThat(choice.contains("0.9")).isTrue();
    assertThat(choice.contains("0.8")).isFalse();
    assertThat(SearchSpace.factor(0.1, 10).contains("auto")).isFalse();
  }

  @Test
  void everySpaceOfTheTableHoldsValidValues() {
    for (Option option : Options.all()) {
      if (option.space().isEmpty()) {
        continue;
      }
      SearchSpace space = option.space().get();
      for (double place : new double[] {0, 0.3, 0.7, ALMOST_1}) {
        String value = space.value(place, option.kind() == Option.Kind.INTEGER, "0.05");
        assertThat(option.check(value)).as(option.key()).isEqualTo(value);
        assertThat(space.contains(value)).as("%s=%s", option.key(), value).isTrue();
      }
    }
  }

  @Test
  void aPresetIsNotTunedToAnotherMethod() {
    Option steps = Options.find("local.steps");
    assertThat(steps.spaceOf(Presets.find("diloco").settings())).isPresent();
    assertThat(steps.spaceOf(Presets.find("ako").settings())).isEmpty();
    Option values = Options.find("exchange.values");
    assertThat(values.spaceOf(Presets.find("ako").settings())).isPresent();
    assertThat(values.spaceOf(Presets.find("sparseloco").settings())).isEmpty();
    Option noise = Options.find("batching.noise-factor");
    assertThat(noise.spaceOf(Presets.find("dlion").settings())).isPresent();
    assertThat(noise.spaceOf(Presets.find("bsp").settings())).isEmpty();
    assertThat(Options.find("sync.bound").spaceOf(Presets.find("hop").settings())).isPresent();
    assertThat(Options.find("sync.bound").spaceOf(Presets.find("baseline").settings())).isEmpty();
  }

  @Test
  void whatHasNoEffectIsNotTuned() {
    Settings adamw = Settings.defaults().with("optimizer.kind", "adamw");
    assertThat(Options.find("optimizer.momentum").spaceOf(adamw)).isEmpty();
    assertThat(Options.find("optimizer.momentum").spaceOf(Settings.defaults())).isPresent();
  }
}
