package io.dlion.emulator.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlion.core.settings.Presets;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Schedules of faults in runs with a server, those among them that once found something. */
class CheckServersTest {
  private static final int SCHEDULES = 40;

  private static final List<Variant> METHODS =
      Presets.all().stream()
          .filter(preset -> !preset.settings().is("server.method", "none"))
          .map(preset -> Variant.of(preset.name()))
          .toList();

  private static Draw only(String preset) {
    return Draw.any(List.of(Variant.of(preset)));
  }

  private static void assertHolds(long seed, String preset) {
    try (CheckRun run = new CheckRun()) {
      assertThat(run.run(seed, only(preset).withoutPaths()).findings()).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({"5, ssp", "13, batchtune-ssp"})
  void whoTakesOverDoesNotWaitForTheAnswerOfTheServerBefore(long seed, String preset) {
    assertHolds(seed, preset);
  }

  @ParameterizedTest
  @CsvSource({"63, batchtune-bsp", "95, ssp"})
  void membersWhoAreLostTogetherAreGoneTogether(long seed, String preset) {
    assertHolds(seed, preset);
  }

  @ParameterizedTest
  @CsvSource({"41, bsp", "48, batchtune-ssp"})
  void whoServedWithoutTrainingGoesOnFromItsModel(long seed, String preset) {
    assertHolds(seed, preset);
  }

  @ParameterizedTest
  @CsvSource({"20, batchtune-ssp", "23, adacomm"})
  void theModelOfTheRunChangesNoMoreOnceItIsSent(long seed, String preset) {
    assertHolds(seed, preset);
  }

  @ParameterizedTest
  @CsvSource({"57, bsp", "123, fixed-adacomm"})
  void whoWaitsForAnAnswerTakesTheModelOfTheRun(long seed, String preset) {
    assertHolds(seed, preset);
  }

  @ParameterizedTest
  @CsvSource({"351, batchtune-bsp", "464, bsp"})
  void anAnswerThatIsLostIsAskedForSoonHoweverLongTheOneBeforeTook(long seed, String preset) {
    assertHolds(seed, preset);
  }

  @ParameterizedTest
  @CsvSource({"20261144853, ssp"})
  void afterAModelHasComeNothingIsWaitedForAsLongAsForAModel(long seed, String preset) {
    assertHolds(seed, preset);
  }

  @Test
  void aModelToServeFromIsSentOnceThoughItIsAskedForTwice() {
    assertHolds(1147, "adsp");
  }

  @Test
  void aStandingThatArrivesLateAnswersNobody() {
    assertHolds(50811, "fixed-adacomm");
  }

  @ParameterizedTest
  @CsvSource({"50780, fixed-adacomm", "9, fixed-adacomm", "107, batchtune-bsp", "106, adacomm"})
  void aCheckerDoesNotCryWolf(long seed, String preset) {
    assertHolds(seed, preset);
  }

  @Test
  void topologiesHaveNoEffect() {
    Scenario ring = Scenario.of(4711, Draw.only(Variant.of("ssp"), "ring"));
    Scenario any = Scenario.of(4711, Draw.any(List.of(Variant.of("ssp"))));
    assertThat(ring).hasToString(any.toString());
    assertThat(ring.settings()).isEqualTo(any.settings());
    assertThat(ring.replay())
        .containsExactly("check", "--first-seed", "4711", "--seeds", "1", "--preset", "ssp");
  }

  @Test
  void whatAMethodSetsItselfStaysAsItIs() {
    Variant variant = Variant.of("ssp", "server.staleness=7", "server.codec=int8");
    for (long seed = 1; seed < 20; seed++) {
      Scenario drawn = Scenario.of(seed, Draw.any(List.of(variant)));
      assertThat(drawn.settings().text("server.staleness")).isEqualTo("7");
      assertThat(drawn.settings().text("server.codec")).isEqualTo("int8");
    }
  }

  @Test
  void faultsAimAtTheServerToo() {
    Set<String> kinds = new TreeSet<>();
    for (long seed = 1; seed < 100; seed++) {
      Scenario.of(seed, only("adsp")).plan().faults().forEach(fault -> kinds.add(fault.kind()));
      assertThat(Scenario.of(seed, only("dlion")).plan().faults())
          .noneMatch(fault -> fault.kind().startsWith("server") || fault.kind().equals("split"));
    }
    assertThat(kinds).contains("server crash", "server pause", "split", "crash", "restart");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 10_001, 20_001, 30_001})
  void whatMustHoldHoldsAndIsJudged(long first) {
    long steps = 0;
    long judged = 0;
    try (CheckRun run = new CheckRun()) {
      for (long seed = first; seed < first + SCHEDULES; seed++) {
        CheckRun.Verdict verdict = run.run(seed, Draw.any(METHODS));
        assertThat(verdict.findings()).as(verdict.scenario()).isEmpty();
        steps += verdict.steps();
        judged += verdict.judged();
      }
    }
    assertThat((double) judged / steps).isBetween(0.99, 1.0);
  }
}
