package io.dlion.core.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dlion.core.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Changes of settings that change nothing. */
class EffectsTest {
  private static void require(String preset, String... changes) {
    Settings before = Presets.find(preset).settings();
    Settings after = before;
    for (String change : changes) {
      String[] pair = change.split("=", 2);
      after = after.with(pair[0], pair[1]);
    }
    Effects.require(after, before);
  }

  @Test
  void noPresetChangesWhatHasNoEffectWithIt() {
    for (Presets.Preset preset : Presets.all()) {
      assertThat(Effects.without(preset.changes(), preset.settings())).as(preset.name()).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "dlion, exchange.significance=0.05, exchange.method",
    "gaia, exchange.n=10, exchange.method",
    "diloco, optimizer.averaging=8, local.steps",
    "baseline, local.fragments=4, local.steps",
    "baseline, batching.division=proportional, batching.local",
    "dlion, batching.warm-up-until=0.5, batching.growth",
    "baseline, transfer.lambda=0.5, transfer.scope",
    "dlion, sync.bound=3, sync.mode",
    "dlion, topology.edges=w1-w3, topology.kind",
    "dlion, optimizer.decay=0.3, optimizer.schedule",
    "local, exchange.values=bf16, exchange.method",
  })
  void aChangeWithoutEffectIsAnErrorThatSaysWhatItNeeds(
      String preset, String change, String needed) {
    assertThatThrownBy(() -> require(preset, change))
        .isInstanceOf(UserError.class)
        .hasMessageContaining(change)
        .hasMessageContaining("has no effect with " + needed + "=");
  }

  @Test
  void togetherWithWhatItNeedsItIsNone() {
    assertThatCode(
            () -> require("dlion", "exchange.significance=0.05", "exchange.method=significant"))
        .doesNotThrowAnyException();
    assertThatCode(() -> require("baseline", "local.fragments=2", "local.steps=10"))
        .doesNotThrowAnyException();
  }

  @Test
  void aValueThatIsThePresetsIsNoChange() {
    assertThatCode(() -> require("dlion", "exchange.significance=0.01")).doesNotThrowAnyException();
  }

  @Test
  void everyConditionNamesAnOptionThatExists() {
    for (Option option : Options.all()) {
      for (Condition condition : option.needs()) {
        Settings defaults = Settings.defaults();
        assertThatCode(() -> condition.holds(defaults)).doesNotThrowAnyException();
        assertThat(condition.toString()).contains(condition.needed());
      }
    }
  }
}
