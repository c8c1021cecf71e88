package io.dlion.emulator.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlion.core.settings.Presets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A few hundred schedules of faults, those among them that once found something. */
class CheckRunTest {
  private static final int SCHEDULES = 75;

  private static List<Presets.Preset> presets(String names) {
    return names.equals("all")
        ? List.copyOf(Presets.all())
        : Arrays.stream(names.split(" ")).map(Presets::find).toList();
  }

  private static void assertHolds(long seed, String names) {
    try (CheckRun run = new CheckRun()) {
      assertThat(run.run(seed, presets(names)).findings()).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({"184,diloco", "563,diloco", "563,all", "151,all", "400,all", "22,all", "1044,all"})
  void whoLeavesIterationsOutIsNotWaitedFor(long seed, String names) {
    assertHolds(seed, names);
  }

  @ParameterizedTest
  @ValueSource(longs = {30783, 73088})
  void whoComesLateDoesNotWaitForOthersWhoComeLate(long seed) {
    assertHolds(seed, "all");
  }

  @ParameterizedTest
  @ValueSource(longs = {70413, 71765, 71804})
  void whoLeavesIterationsOutTakesAllOfThoseToCome(long seed) {
    assertHolds(seed, "all");
  }

  @ParameterizedTest
  @ValueSource(longs = {70133, 70448, 73791, 80568, 81109, 100316, 102910, 207367, 208473, 208675})
  void aCheckerDoesNotCryWolf(long seed) {
    assertHolds(seed, "all");
  }

  @Test
  void twoWhoAreLostTogetherLeaveNeighboursWhatTheyWere() {
    assertHolds(31017, "all");
  }

  @Test
  void whoWentOnWhileItWasNoNeighbourIsNotRefused() {
    assertHolds(203445, "all");
  }

  @Test
  void whoBecomesANeighbourHasSaidHowFarItIs() {
    assertHolds(107607, "all");
  }

  @Test
  void whoComesInTheMomentALossIsNoticedIsGreetedAfterwards() {
    assertHolds(200531, "all");
  }

  @Test
  void whoTakesOverWeightsForgetsWhereItsOwnWereGoing() {
    assertHolds(20240, "all");
  }

  @ParameterizedTest
  @ValueSource(longs = {30519, 31009, 40613, 40843})
  void aGradientCountsForTheSameInAllReplicas(long seed) {
    assertHolds(seed, "all");
  }

  @Test
  void whoComesLateGoesWhereTheOthersAreGoing() {
    assertHolds(20552, "all");
  }

  @ParameterizedTest
  @ValueSource(longs = {8009, 8043, 8071, 8151})
  void workersTurnToOneGlobalBatch(long seed) {
    assertHolds(seed, "all");
  }

  @ParameterizedTest
  @CsvSource({"1,all", "1001,dlion hop", "2001,gaia ako", "3001,baseline diloco"})
  void whatMustHoldHolds(long first, String names) {
    try (CheckRun run = new CheckRun()) {
      for (long seed = first; seed < first + SCHEDULES; seed++) {
        CheckRun.Verdict verdict = run.run(seed, presets(names));
        assertThat(verdict.findings()).as(verdict.scenario()).isEmpty();
      }
    }
  }
}
