package io.dlion.core.tune;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlion.core.settings.Effects;
import io.dlion.core.settings.Option;
import io.dlion.core.settings.Presets;
import io.dlion.core.settings.Settings;
import io.dlion.core.strategy.Strategy;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is tried of a method. */
class CandidatesTest {
  private static final String RATE = "optimizer.learning-rate";

  private static Settings settings(String preset) {
    return Presets.find(preset).settings().with("optimizer.kind", "sgd").with(RATE, "0.05");
  }

  private static List<Map<String, String>> candidates(String preset, int count, long seed) {
    return new Candidates(settings(preset), Set.of(), count, seed).all();
  }

  @Test
  void theFirstIsTheMethodAsItIs() {
    assertThat(candidates("ako", 5, 1)).hasSize(5);
    assertThat(candidates("ako", 5, 1).getFirst()).isEmpty();
    assertThat(candidates("ako", 1, 1)).containsExactly(Map.of());
  }

  @Test
  void eachPartOfAScaleIsMetOnce() {
    Set<Integer> parts = new HashSet<>();
    for (Map<String, String> changes : candidates("dlion", 17, 3).subList(1, 17)) {
      double rate = Double.parseDouble(changes.getOrDefault(RATE, "0.05"));
      assertThat(rate).isBetween(0.00499, 0.501);
      double place = Math.log10(rate / 0.005) / 2;
      parts.add((int) Math.floor(place * 16));
    }
    assertThat(parts).hasSizeGreaterThanOrEqualTo(15); // values at a border may be rounded over it
  }

  @Test
  void aSeedDecides() {
    assertThat(candidates("dlion", 16, 1)).isEqualTo(candidates("dlion", 16, 1));
    assertThat(candidates("dlion", 16, 1)).isNotEqualTo(candidates("dlion", 16, 2));
  }

  @Test
  void methodsThatShareAnOptionTryTheSameValuesOfIt() {
    List<Map<String, String>> ako = candidates("ako", 8, 1);
    List<Map<String, String>> gaia = candidates("gaia", 8, 1);
    for (int i = 1; i < 8; i++) {
      assertThat(ako.get(i).get(RATE)).isNotNull().isEqualTo(gaia.get(i).get(RATE));
    }
  }

  @Test
  void whatIsFixedStays() {
    Candidates fixed = new Candidates(settings("ako"), Set.of(RATE), 16, 1);
    assertThat(fixed.all()).noneMatch(changes -> changes.containsKey(RATE));
  }

  @Test
  void everyCandidateOfEveryPresetCanBeRun() {
    for (Presets.Preset preset : Presets.all()) {
      Settings own = settings(preset.name());
      assertThat(Candidates.space(own).keySet().stream().map(Option::key))
          .as(preset.name())
          .contains(RATE, "batching.initial");
      for (long seed = 1; seed <= 20; seed++) {
        for (Map<String, String> changes : candidates(preset.name(), 16, seed)) {
          Settings tried = own.with(changes);
          Effects.require(tried, own);
          Strategy.of(tried); // throws where settings contradict each other
        }
      }
    }
  }
}
