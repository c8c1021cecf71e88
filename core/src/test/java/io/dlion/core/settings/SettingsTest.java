package io.dlion.core.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dlion.core.UserError;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SettingsTest {
  @Test
  void everyDefaultIsAValidValueOfItsOption() {
    for (Option option : Options.all()) {
      assertThat(option.check(option.initial())).as(option.key()).isEqualTo(option.initial());
      assertThat(option.meaning()).as(option.key()).isNotBlank();
      assertThat(option.range()).as(option.key()).isNotBlank();
    }
  }

  @Test
  void everyKeyIsThereOnce() {
    List<String> keys = Options.all().stream().map(Option::key).toList();
    assertThat(new HashSet<>(keys)).hasSameSizeAs(keys);
    assertThat(Settings.defaults().asMap().keySet()).containsExactlyElementsOf(keys);
  }

  @Test
  void everyPresetIsValid() {
    assertThat(Presets.all()).extracting(Presets.Preset::name).startsWith("dlion");
    for (Presets.Preset preset : Presets.all()) {
      Settings settings = preset.settings();
      preset.changes().forEach((key, value) -> assertThat(settings.text(key)).isEqualTo(value));
      assertThat(Presets.find(preset.name())).isEqualTo(preset);
      assertThat(Settings.defaults().with(settings.asMap()).asMap()).isEqualTo(settings.asMap());
    }
  }

  @Test
  void thePaperPresetHasThePapersValues() {
    Settings paper = Presets.find("dlion-paper").settings();
    assertThat(paper.integer("batching.initial")).isEqualTo(32);
    assertThat(paper.number("exchange.minimum-n")).isEqualTo(0.85);
    assertThat(paper.number("exchange.budget-share")).isEqualTo(1);
    assertThat(paper.text("exchange.residual")).isEqualTo("drop");
    assertThat(paper.number("transfer.lambda")).isEqualTo(0.75);
    assertThat(paper.integer("transfer.period")).isEqualTo(100);
    assertThat(paper.integer("sync.bound")).isEqualTo(5);
    assertThat(paper.text("batching.growth")).isEqualTo("schedule");
    assertThat(paper.text("batching.division")).isEqualTo("proportional");
  }

  @Test
  void theLearningRateIsLeftOpen() {
    Settings settings = Settings.defaults();
    assertThat(settings.isAuto("optimizer.learning-rate")).isTrue();
    assertThat(settings.with("optimizer.learning-rate", "0.3").number("optimizer.learning-rate"))
        .isEqualTo(0.3);
    assertThat(Options.find("optimizer.learning-rate").meaning()).contains("0.05", "0.01");
  }

  @Test
  void rivalsHaveThePublishedValuesAndNothingOfDlion() {
    for (String name : List.of("baseline", "hop", "gaia", "ako")) {
      Settings settings = Presets.find(name).settings();
      assertThat(settings.text("batching.local")).as(name).isEqualTo("fixed");
      assertThat(settings.text("batching.growth")).as(name).isEqualTo("off");
      assertThat(settings.text("transfer.scope")).as(name).isEqualTo("none");
    }
    Settings hop = Presets.find("hop").settings();
    assertThat(hop.integer("sync.bound")).isEqualTo(5);
    assertThat(hop.integer("sync.backup")).isEqualTo(1);
    assertThat(hop.integer("sync.tokens")).isEqualTo(8);
    Settings gaia = Presets.find("gaia").settings();
    assertThat(gaia.number("exchange.significance")).isEqualTo(0.01);
    assertThat(gaia.text("sync.barrier")).isEqualTo("on");
    assertThat(Presets.find("ako").settings().text("sync.mode")).isEqualTo("asynchronous");
  }

  @Test
  void anUnknownKeyIsAnsweredWithTheNearest() {
    assertThatThrownBy(() -> Settings.defaults().with("batching.inital", "3"))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("'batching.inital'")
        .hasMessageContaining("did you mean 'batching.initial'?");
    assertThatThrownBy(() -> Settings.defaults().with("qqqqqqqqqqqq", "3"))
        .isInstanceOf(UserError.class)
        .hasMessageNotContaining("did you mean");
    assertThatThrownBy(() -> Presets.find("dlion-papre"))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("did you mean 'dlion-paper'?");
  }

  @Test
  void aValueOutOfRangeIsRefusedWithKeyValueAndRange() {
    Map<String, String> bad =
        Map.of(
            "batching.initial", "-1",
            "batching.initial ", "x",
            "exchange.minimum-n", "NaN",
            "optimizer.learning-rate", "Infinity",
            "transfer.lambda", "1.01",
            "exchange.residual", "acumulate",
            "sync.bound", "1.5",
            "exchange.n", "maybe");
    bad.forEach((key, value) ->
        assertThatThrownBy(() -> Settings.defaults().with(key.strip(), value))
            .isInstanceOf(UserError.class)
            .hasMessageContaining(key.strip() + "=" + value)
            .hasMessageContaining("expected"));
    assertThatThrownBy(() -> Settings.defaults().with("exchange.residual", "acumulate"))
        .hasMessageContaining("did you mean 'accumulate'?");
    assertThatThrownBy(() -> Settings.defaults().with("batching.initial", "0"))
        .hasMessage("batching.initial=0: expected auto | 1 to 65536");
  }

  @Test
  void valuesAreReadAsWhatTheyAre() {
    Settings settings =
        Settings.defaults().with("exchange.n", " AUTO ").with("exchange.values", "BF16");
    assertThat(settings.isAuto("exchange.n")).isTrue();
    assertThat(settings.text("exchange.values")).isEqualTo("bf16");
    assertThat(settings.with("exchange.n", "2.5").number("exchange.n")).isEqualTo(2.5);
    assertThatThrownBy(() -> settings.is("exchange.values", "fp64"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void nearnessIsEditDistance() {
    assertThat(Nearest.distance("kitten", "sitting")).isEqualTo(3);
    assertThat(Nearest.distance("", "abc")).isEqualTo(3);
    assertThat(Nearest.distance("abc", "ABC")).isLessThanOrEqualTo(1);
    assertThat(Nearest.hint("lambda", List.of("transfer.lambda", "lamp")))
        .isEqualTo("; did you mean 'transfer.lambda'?");
    assertThat(Nearest.hint("worker", List.of("min-workers", "workers")))
        .isEqualTo("; did you mean 'workers'?");
    assertThat(Nearest.hint("x", List.of())).isEmpty();
  }
}
