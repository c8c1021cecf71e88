package io.dlion.core.server.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;

class CommitSearchTest {
  private static ProbeReward reward(double value) {
    return new ProbeReward(value, value, false, "");
  }

  /** Runs a search to its end; the rates it probed, and then its answer. */
  private static List<Integer> run(CommitSearch begin, IntToDoubleFunction rewards) {
    List<Integer> rates = new ArrayList<>();
    CommitSearch search = begin;
    while (search.answer().isEmpty()) {
      rates.add(search.probing());
      search = search.probed(reward(rewards.applyAsDouble(search.probing())));
      assertThat(search.probes()).isEqualTo(rates.size());
    }
    rates.add(search.answer().getAsInt());
    return rates;
  }

  @Test
  void aConcaveRewardIsClimbedToItsTop() {
    double[] table = {0, 0.010, 0.014, 0.017, 0.019, 0.020, 0.0195, 0.018, 0.015};
    assertThat(run(CommitSearch.begin(1), c -> table[c])).containsExactly(1, 2, 3, 4, 5, 6, 5);
    assertThat(run(CommitSearch.begin(4), c -> table[c])).containsExactly(4, 5, 6, 5);
    assertThat(run(CommitSearch.begin(5), c -> table[c])).containsExactly(5, 6, 5);
  }

  @Test
  void itEndsAtTheFirstFall() {
    assertThat(run(CommitSearch.begin(6), c -> 1.0 / c)).containsExactly(6, 7, 6);
  }

  @Test
  void equalIsNotBetter() {
    assertThat(run(CommitSearch.begin(2), c -> 0.5)).containsExactly(2, 3, 2);
  }

  @Test
  void anEverBetterRewardEndsAtTheLimitWithTheBestSeen() {
    assertThat(run(CommitSearch.begin(1), c -> c))
        .hasSize(CommitSearch.PROBES_MAX + 1)
        .endsWith(9, 10, 10);
    assertThat(run(CommitSearch.begin(3, 2), c -> c)).containsExactly(3, 4, 4);
    assertThat(run(CommitSearch.begin(3, 2), c -> -c)).containsExactly(3, 4, 3);
    assertThat(run(CommitSearch.begin(Integer.MAX_VALUE - 1), c -> c))
        .containsExactly(Integer.MAX_VALUE - 1, Integer.MAX_VALUE, Integer.MAX_VALUE);
  }

  @Test
  void aProbeThatFallsBackIsComparedByDecrease() {
    CommitSearch search = CommitSearch.begin(1).probed(new ProbeReward(9, 0.1, false, ""));
    assertThat(search.probed(new ProbeReward(0.2, 0.2, true, "reason")).probing()).isEqualTo(3);
    assertThat(search.probed(new ProbeReward(0.05, 0.05, true, "reason")).answer()).hasValue(1);
  }

  @Test
  void aSearchIsOneValueThatDoesNotChange() {
    CommitSearch begin = CommitSearch.begin(4);
    assertThat(begin.probed(reward(1))).isEqualTo(begin.probed(reward(1)));
    assertThat(begin.probing()).isEqualTo(4);
    assertThat(begin.rate()).isEqualTo(4);
    assertThat(begin.probes()).isZero();
  }

  @Test
  void whatHasEndedProbesNoMore() {
    CommitSearch ended = CommitSearch.begin(4).probed(reward(2)).probed(reward(1));
    assertThat(ended.ended()).isTrue();
    assertThatThrownBy(ended::probing)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the search has ended with rate 4");
    assertThatThrownBy(() -> ended.probed(reward(1))).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> CommitSearch.begin(0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> CommitSearch.begin(1, 1)).isInstanceOf(IllegalArgumentException.class);
  }
}
