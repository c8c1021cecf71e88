package io.dlion.core.peer.batches;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dlion.core.WorkerId;
import io.dlion.core.batching.BatchRule;
import io.dlion.core.batching.Cost;
import io.dlion.core.batching.EqualFinishDivision;
import io.dlion.core.batching.Growth;
import io.dlion.core.batching.GrowthRule;
import io.dlion.core.batching.GrowthSchedule;
import io.dlion.core.batching.Weighting;
import io.dlion.core.peer.roster.Roster;
import io.dlion.core.wire.Control;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class BatchPlanTest {
  private final PeerCosts costs = new PeerCosts();

  private static BatchPlan plan(boolean adaptive, Growth growth, int workers) {
    return new BatchPlan(terms(32, false, adaptive, growth), workers);
  }

  private static BatchPlan.Terms terms(
      int initial, boolean fitted, boolean adaptive, Growth growth) {
    BatchRule rule =
        new BatchRule(
            initial,
            fitted,
            adaptive,
            new EqualFinishDivision(),
            new GrowthRule.Off(),
            1,
            2,
            0.05,
            Weighting.SAMPLES);
    return new BatchPlan.Terms(rule, growth, 1000, 1, 0, false, 60_000);
  }

  private static Roster roster(String self, String... peers) {
    Roster roster = new Roster(new WorkerId(self));
    for (String peer : peers) {
      roster.add(new WorkerId(peer), -1);
    }
    return roster;
  }

  private BatchPlan profiled(int workers) {
    BatchPlan plan = plan(true, Growth.NONE, workers);
    profile(plan, 0.1, 0.01);
    return plan;
  }

  private void profile(BatchPlan plan, double alphaSeconds, double betaSeconds) {
    while (plan.isProfiling()) {
      plan.profiled(alphaSeconds + betaSeconds * plan.local(roster("w1"), costs));
    }
  }

  @Test
  void profilingMeetsEachSizeOnceBeforeItIsTimed() {
    BatchPlan plan = plan(true, Growth.NONE, 1);
    List<Integer> sizes = new ArrayList<>();
    while (plan.isProfiling()) {
      int b = plan.local(roster("w1"), costs);
      boolean first = !sizes.contains(b);
      sizes.add(b);
      plan.profiled(first ? 50 : 0.1 + 0.01 * b); // the first step of a size takes long
    }
    assertThat(sizes).containsExactly(8, 32, 8, 32, 8, 32);
    Cost cost = plan.announced().orElseThrow();
    assertThat(cost.alphaSeconds()).isCloseTo(0.1, within(1e-9));
    assertThat(cost.betaSeconds()).isCloseTo(0.01, within(1e-9));
  }

  @Test
  void whoseCostIsNotKnownIsTakenForAverage() {
    Roster roster = roster("w2", "w1", "w3");
    BatchPlan plan = profiled(3);
    assertThat(plan.local(roster, costs)).isEqualTo(32);
    costs.announced(new WorkerId("w1"), new Cost(0.1, 0.02));
    // The third is taken to need 0.015 s: rates 100, 50, 66.7, offsets 10, 5, 6.67:
    // T = (96 + 21.67)/216.7 = 0.543 s
    assertThat(plan.local(roster, costs)).isEqualTo(44);
    costs.announced(new WorkerId("w3"), new Cost(0.1, 0.02));
    // Rates 50, 100, 50 and offsets 5, 10, 5: T = (96 + 20)/200 = 0.58 s
    assertThat(plan.local(roster, costs)).isEqualTo(48);
  }

  @Test
  void theBatchThatIsSoonestThereIsDecidedByFirstCosts() {
    Roster roster = roster("w2", "w1", "w3");
    BatchPlan plan = fitted(3);
    profile(plan, 0.12, 0.01);
    assertThat(plan.local(roster, costs)).as("not all costs are known").isEqualTo(16);
    assertThat(plan.isToBeFitted()).isTrue();
    for (String id : List.of("w1", "w3")) {
      costs.announced(new WorkerId(id), new Cost(0.12, 0.01));
      costs.announced(new WorkerId(id), new Cost(0.5, 0.01)); // others may know it not
    }
    // A = 3 · 12 samples, B = √(36 · 128) = 68. By the newest costs: 12, 50 and 50 samples of
    // offset, T = (68 + 112)/300 = 0.6 s.
    assertThat(plan.local(roster, costs)).isEqualTo(48);
    assertThat(plan.global()).isEqualTo(68);
    assertThat(plan.initial()).isEqualTo(23);
    plan.workers(4);
    plan.local(roster, costs);
    assertThat(plan.global()).as("decided once").isEqualTo(91);
  }

  @Test
  void whatIsNotDecidedYetIsNotTakenForDecided() {
    BatchPlan late = fitted(2);
    late.adopt(new Control.Status(3, -1, 32, 2, 0, false, false));
    assertThat(late.isToBeFitted()).isTrue();
    late.adopt(new Control.Status(5, -1, 96, 2, 0, true, false));
    assertThat(late.isToBeFitted()).isFalse();
    assertThat(late.global()).isEqualTo(96);
  }

  @Test
  void aDecidedBatchIsDecidedAfterARestart() {
    BatchPlan plan = fitted(1);
    Map<String, String> early = new TreeMap<>();
    plan.save(early);
    BatchPlan undecided = fitted(1);
    undecided.restore(early);
    assertThat(undecided.isToBeFitted()).isTrue();
    profile(plan, 0.25, 0.01);
    plan.local(roster("w1"), costs); // √(25 · 128)
    Map<String, String> state = new TreeMap<>();
    plan.save(state);
    BatchPlan again = fitted(1);
    again.restore(state);
    assertThat(again.isToBeFitted()).isFalse();
    assertThat(again.initial()).isEqualTo(57);
    assertThat(again.global()).isEqualTo(57);
  }

  private static BatchPlan fitted(int workers) {
    return new BatchPlan(terms(16, true, true, Growth.NONE), workers);
  }

  @Test
  void fixedBatchesAreEvenSharesOfB() {
    BatchPlan plan = plan(false, (batch, noise) -> batch + 4, 3);
    assertThat(plan.isProfiling()).isFalse();
    plan.adjust();
    assertThat(plan.global()).isEqualTo(100);
    assertThat(plan.local(roster("w1", "w2", "w3"), costs)).isEqualTo(34);
    assertThat(plan.local(roster("w2", "w1", "w3"), costs)).isEqualTo(33);
    assertThat(plan.local(roster("w3", "w1", "w2"), costs)).isEqualTo(33);
  }

  @Test
  void bFollowsTheNumberOfWorkers() {
    BatchPlan plan = plan(false, Growth.NONE, 3);
    plan.workers(4);
    assertThat(plan.global()).isEqualTo(128);
    plan.workers(1);
    assertThat(plan.global()).isEqualTo(32);
  }

  @Test
  void onlyALargeChangeOfCostIsAnnounced() {
    BatchPlan plan = profiled(1);
    assertThat(plan.changedCost()).isEmpty();
    for (int i = 0; i < 9; i++) {
      plan.observed(32, 1.04 * 0.42);
    }
    assertThat(plan.changedCost()).isEmpty();
    for (int i = 0; i < 9; i++) {
      plan.observed(32, 1.06 * 0.42);
    }
    assertThat(plan.changedCost()).isPresent();
    assertThat(plan.changedCost()).as("once").isEmpty();
    assertThat(plan.announced().orElseThrow().betaSeconds()).isCloseTo(0.0106, within(1e-9));
  }

  @Test
  void adjustmentPointsAreCountedInSamples() {
    BatchPlan plan = plan(false, new GrowthSchedule(96, 600, 1.5, 6000), 3);
    assertThat(plan.adjustmentDue(999)).isFalse();
    assertThat(plan.adjustmentDue(1000)).isTrue();
    assertThat(plan.adjust()).isTrue();
    assertThat(plan.global()).isEqualTo(192);
    assertThat(plan.adjustmentDue(1999)).isFalse();
    assertThat(plan.adjustmentDue(2000)).isTrue();
  }

  @Test
  void measuredGrowthTakesEffectAtThePointItWasDecidedFor() {
    Growth doubling = (batch, noise) -> noise > 0 ? 2 * batch : batch;
    BatchPlan least = plan(false, doubling, 3);
    BatchPlan other = plan(false, doubling, 3);
    assertThat(least.adjustAsDecided()).isFalse();
    Control.GlobalBatch decision = least.decide(1);
    assertThat(decision).isEqualTo(new Control.GlobalBatch(2, 192));
    other.decided(decision); // arrives before the first point
    assertThat(other.adjustAsDecided()).isFalse();
    assertThat(other.global()).isEqualTo(96);
    assertThat(other.adjustAsDecided()).isTrue();
    assertThat(least.adjustAsDecided()).isTrue();
    assertThat(other.global()).isEqualTo(192).isEqualTo(least.global());
  }

  @Test
  void goesOnAfterARestartWithOtherWorkers() {
    BatchPlan plan = profiled(3);
    plan.workers(6);
    Map<String, String> state = new TreeMap<>();
    plan.save(state);
    BatchPlan again = plan(true, Growth.NONE, 3);
    again.restore(state);
    assertThat(again.isProfiling()).as("again").isFalse();
    assertThat(again.announced()).isEqualTo(plan.announced());
    assertThat(again.global()).isEqualTo(96);
  }

  @Test
  void theGlobalBatchIsTheSameWhetherWorkersGoTogetherOrOneByOne() {
    BatchPlan together = plan(false, Growth.NONE, 7);
    BatchPlan oneByOne = plan(false, Growth.NONE, 7);
    for (BatchPlan plan : List.of(together, oneByOne)) {
      plan.adopt(new Control.Status(0, 0, 52, 7, 0, true, false));
    }
    together.workers(5);
    oneByOne.workers(6);
    assertThat(oneByOne.global()).isEqualTo(45);
    oneByOne.workers(5);
    assertThat(oneByOne.global()).isEqualTo(together.global()).isEqualTo(37); // 45 · 5 / 6 is 38
  }
}
