package io.dlion.emulator.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlion.core.settings.Presets;
import io.dlion.core.settings.Settings;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A few hundred schedules of faults, those among them that once found something. */
class CheckRunTest {
  private static final int SCHEDULES = 75;

  /** A preset and settings that differ from it, with spaces in between. */
  private static Variant variant(String words) {
    String[] all = words.split(" ", -1);
    return Variant.of(all[0], Arrays.copyOfRange(all, 1, all.length));
  }

  private static void assertHolds(long seed, String variant, String topology) {
    try (CheckRun run = new CheckRun()) {
      assertThat(run.run(seed, Draw.only(variant(variant), topology).withoutPaths()).findings())
          .isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "184, diloco, mesh",
    "563, diloco, mesh",
    "563, dlion exchange.method=full exchange.values=fp32 sync.mode=bounded, edges",
    "151, hop, ring",
    "400, hop, ring",
    "22, dlion transfer.scope=none, ring",
    "1044, gaia, edges"
  })
  void whoLeavesIterationsOutIsNotWaitedFor(long seed, String variant, String topology) {
    assertHolds(seed, variant, topology);
  }

  @ParameterizedTest
  @CsvSource({"30783, baseline, edges", "73088, diloco, mesh"})
  void whoComesLateDoesNotWaitForOthersWhoComeLate(long seed, String variant, String topology) {
    assertHolds(seed, variant, topology);
  }

  @ParameterizedTest
  @CsvSource({"70413, baseline, edges", "71765, baseline, edges", "71804, baseline, exponential"})
  void whoLeavesIterationsOutTakesAllOfThoseToCome(long seed, String variant, String topology) {
    assertHolds(seed, variant, topology);
  }

  @ParameterizedTest
  @CsvSource({
    "70133, baseline, hierarchical",
    "70448, baseline, edges",
    "73791, dlion exchange.anticipation=off, mesh",
    "80568, diloco, mesh",
    "81109, diloco, mesh",
    "100316, baseline, hierarchical",
    "102910, dlion-paper, ring",
    "207367, dlion exchange.anticipation=off, mesh",
    "208473, dlion-paper, edges",
    "208675, dlion, mesh",
    "7100017886, baseline, ring",
    "7800008782, dlion exchange.residual=drop, edges"
  })
  void aCheckerDoesNotCryWolf(long seed, String variant, String topology) {
    assertHolds(seed, variant, topology);
  }

  @ParameterizedTest
  @CsvSource({
    "1795934210, baseline, mesh",
    "7200000569, baseline batching.growth=schedule batching.local=adaptive, mesh",
    "7200000607, baseline batching.growth=schedule batching.local=adaptive, mesh"
  })
  void replicasStayEqualInWhateverOrderGoodbyesArrive(long seed, String variant, String topology) {
    assertHolds(seed, variant, topology);
  }

  @Test
  void anOldCheckpointIsNotTakenForNewWhereNobodyWaits() {
    assertHolds(7100014423L, "dlion batching.growth=off batching.local=fixed", "exponential");
  }

  /** All messages of the only link that leads to a worker are lost for seconds. */
  @ParameterizedTest
  @CsvSource({
    "1795933791, dlion transfer.scope=none, hierarchical",
    "701416, dlion transfer.scope=none, exponential"
  })
  void whoHasMissedNearlyAllIsNotExpectedToHaveItWithoutTransfer(
      long seed, String variant, String topology) {
    assertHolds(seed, variant, topology);
  }

  @Test
  void twoWhoAreLostTogetherLeaveNeighboursWhatTheyWere() {
    assertHolds(31017, "gaia", "exponential");
  }

  @Test
  void whoWentOnWhileItWasNoNeighbourIsNotRefused() {
    assertHolds(203445, "baseline", "ring");
  }

  @Test
  void whoHasComeAgainIsNotHeldAgainstWhatItSentBefore() {
    assertHolds(75_000_039_296L, "baseline optimizer.kind=adamw", "ring");
  }

  @Test
  void whoBecomesTheNeighbourOfOneFarBehindDoesNotWaitForAllItsIterations() {
    assertHolds(75_000_041_389L, "hop", "ring");
  }

  @Test
  void whoBecomesANeighbourHasSaidHowFarItIs() {
    assertHolds(107607, "baseline", "hierarchical");
  }

  @Test
  void whoComesInTheMomentALossIsNoticedIsGreetedAfterwards() {
    assertHolds(200531, "dlion exchange.residual=drop", "ring");
  }

  @Test
  void whoTakesOverWeightsForgetsWhereItsOwnWereGoing() {
    assertHolds(20240, "ako", "exponential");
  }

  @ParameterizedTest
  @CsvSource({
    "30519, dlion optimizer.averaging=0, edges",
    "31009, dlion transfer.scope=none, mesh",
    "40613, dlion transfer.scope=none, hierarchical",
    "40843, dlion transfer.scope=none, ring"
  })
  void aGradientCountsForTheSameInAllReplicas(long seed, String variant, String topology) {
    assertHolds(seed, variant, topology);
  }

  @Test
  void whoComesLateGoesWhereTheOthersAreGoing() {
    assertHolds(20552, "ako", "exponential");
  }

  @ParameterizedTest
  @CsvSource({
    "8009, dlion exchange.anticipation=off, exponential",
    "8043, dlion transfer.scope=none, ring",
    "8071, dlion transfer.scope=none, exponential",
    "8151, dlion transfer.scope=none, ring"
  })
  void workersTurnToOneGlobalBatch(long seed, String variant, String topology) {
    assertHolds(seed, variant, topology);
  }

  @Test
  void aSeedWithAMethodAndATopologyIsTheSameScheduleWhateverMethodsThereAre() {
    Scenario drawn = Scenario.of(4711, Draw.any(List.of(Variant.of("dlion"), Variant.of("gaia"))));
    Scenario again =
        Scenario.of(4711, Draw.only(drawn.variant(), drawn.settings().text("topology.kind")));
    assertThat(again).hasToString(drawn.toString());
    assertThat(again.settings()).isEqualTo(drawn.settings());
    Scenario other = Scenario.of(4711, Draw.only(Variant.of("hop"), "ring"));
    assertThat(other.text()).isEqualTo(drawn.text());
    assertThat(other.plan()).isEqualTo(drawn.plan());
  }

  @Test
  void whatIsDrawnIsReplayedByTheWordsOfItsVerdict() {
    Variant variant = variant("dlion transfer.scope=none");
    assertThat(Scenario.of(5, Draw.only(variant, "ring")).replay())
        .containsExactly(
            "check",
            "--first-seed",
            "5",
            "--seeds",
            "1",
            "--preset",
            "dlion",
            "--set",
            "transfer.scope=none",
            "--topology",
            "ring");
  }

  @Test
  void everyPresetIsDrawnOnceAndDlionWithoutEachOfItsParts() {
    List<Settings> drawn = Variant.all().stream().map(Variant::settings).toList();
    assertThat(drawn)
        .doesNotHaveDuplicates()
        .contains(variant("dlion transfer.scope=none").settings());
    assertThat(drawn).containsAll(Presets.all().stream().map(Presets.Preset::settings).toList());
  }

  @ParameterizedTest
  @CsvSource({
    "1, all",
    "1001, dlion hop",
    "2001, gaia ako",
    "3001, baseline diloco",
    "4001, sparseloco"
  })
  void whatMustHoldHolds(long first, String presets) {
    List<Variant> variants =
        presets.equals("all")
            ? Variant.all()
            : Stream.of(presets.split(" ", -1)).map(name -> Variant.of(name)).toList();
    try (CheckRun run = new CheckRun()) {
      for (long seed = first; seed < first + SCHEDULES; seed++) {
        CheckRun.Verdict verdict = run.run(seed, Draw.any(variants));
        assertThat(verdict.findings()).as(verdict.scenario()).isEmpty();
      }
    }
  }
}
