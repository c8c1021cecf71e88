package io.dlion.core.gossip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dlion.core.WorkerId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PairingTest {
  private static final int ROUNDS = 20_000;

  private final Pairing pairing = new Pairing(4711);

  private static List<WorkerId> workers(int count) {
    return IntStream.rangeClosed(1, count).mapToObj(k -> new WorkerId("w" + k)).toList();
  }

  private static List<WorkerId> others(WorkerId self, List<WorkerId> members) {
    return members.stream().filter(id -> !id.equals(self)).toList();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 6, 7, 40})
  void everybodyHasOnePartnerAndIsThatOnesPartnerButOneOfAnOddNumber(int count) {
    List<WorkerId> members = workers(count);
    for (long round = 0; round < 200; round++) {
      int alone = 0;
      for (WorkerId self : members) {
        Optional<WorkerId> partner = pairing.partner(self, others(self, members), round);
        alone += partner.isEmpty() ? 1 : 0;
        if (partner.isPresent()) {
          WorkerId other = partner.get();
          assertThat(other).isNotEqualTo(self);
          assertThat(pairing.partner(other, others(other, members), round)).contains(self);
        }
      }
      assertThat(alone).isEqualTo(count % 2);
    }
  }

  @Test
  void allAgreeInWhateverOrderTheyKnowTheMembers() {
    List<WorkerId> members = workers(9);
    List<WorkerId> shuffled = new ArrayList<>(members);
    for (long round = 0; round < 100; round++) {
      Collections.shuffle(shuffled, new Random(round));
      for (WorkerId self : members) {
        assertThat(pairing.partner(self, others(self, shuffled), round))
            .isEqualTo(pairing.partner(self, others(self, members), round));
      }
    }
  }

  /** Each count is binomial; five standard deviations. */
  @ParameterizedTest
  @ValueSource(ints = {5, 6})
  void overRoundsAllAreEquallyOftenPartnersAndEquallyOftenAlone(int count) {
    List<WorkerId> members = workers(count);
    int slots = count % 2 == 0 ? count - 1 : count; // being alone is as likely as each partner
    double expected = (double) ROUNDS / slots;
    double deviation = Math.sqrt(expected * (1 - 1.0 / slots));
    for (WorkerId self : members) {
      List<WorkerId> others = others(self, members);
      Map<Optional<WorkerId>, Integer> counts = new HashMap<>();
      for (long round = 0; round < ROUNDS; round++) {
        counts.merge(pairing.partner(self, others, round), 1, Integer::sum);
      }
      assertThat(counts).hasSize(slots);
      counts
          .values()
          .forEach(n -> assertThat((double) n).isCloseTo(expected, within(5 * deviation)));
    }
  }

  /** What a worker did in one round says nothing about the next. */
  @Test
  void roundsAreIndependent() {
    List<WorkerId> members = workers(4);
    WorkerId self = members.getFirst();
    List<WorkerId> others = others(self, members);
    int same = 0;
    for (long round = 1; round < ROUNDS; round++) {
      same +=
          pairing.partner(self, others, round).equals(pairing.partner(self, others, round - 1))
              ? 1
              : 0;
    }
    double expected = ROUNDS / 3.0;
    assertThat((double) same).isCloseTo(expected, within(5 * Math.sqrt(expected * 2 / 3)));
  }

  @Test
  void anotherSeedDrawsOtherPairs() {
    List<WorkerId> members = workers(6);
    WorkerId self = members.getFirst();
    List<WorkerId> others = others(self, members);
    Pairing other = new Pairing(4712);
    long equal =
        IntStream.range(0, 1000)
            .filter(r -> pairing.partner(self, others, r).equals(other.partner(self, others, r)))
            .count();
    assertThat(equal).isBetween(100L, 300L);
  }
}
