package io.dlion.core.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlion.core.WorkerId;
import io.dlion.core.WorkerPair;
import io.dlion.core.server.method.ServerRule;
import io.dlion.core.settings.Presets;
import io.dlion.core.settings.Settings;
import io.dlion.core.wire.Control.Standing;
import io.dlion.core.wire.Control.Standing.Flag;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SuccessionTest {
  private static final WorkerId A = new WorkerId("a");
  private static final WorkerId B = new WorkerId("b");
  private static final WorkerId C = new WorkerId("c");

  private static Succession of(String name, WorkerId self) {
    Settings settings = Presets.find("ssp").settings().with("server.name", name);
    Succession succession = new Succession(ServerRule.of(settings).orElseThrow(), self);
    for (WorkerId id : List.of(A, B, C)) {
      if (!id.equals(self)) {
        succession.add(id);
      }
    }
    return succession;
  }

  private static Standing standing(double bytesPerSecond, Flag... flags) {
    return new Standing(0, 0, 0, 0, 0, bytesPerSecond, Set.of(flags));
  }

  private static Standing serving(long term, long version, int followers) {
    return new Standing(term, version, 0, 0, followers, 0, Set.of(Flag.SERVES));
  }

  private static Standing holding(long term, long version) {
    return new Standing(term, version, 0, 0, 0, 0, Set.of(Flag.TRAINS));
  }

  @Test
  void termsGrowAndThoseOfTwoServersDiffer() {
    Succession a = of("auto", A);
    Succession b = of("auto", B);
    long ofA = a.nextTerm(0, 5);
    assertThat(ofA).isPositive().isNotEqualTo(b.nextTerm(0, 5));
    b.heard(A, holding(ofA, 3));
    assertThat(b.nextTerm(0, 6)).isGreaterThan(ofA);
    assertThat(a.nextTerm(ofA, 7)).isGreaterThan(ofA);
  }

  @Test
  void aRelayedLineCountsHalf() {
    Succession succession = of("auto", A);
    succession.measured(B, 30);
    succession.measured(C, 10);
    assertThat(succession.bytesPerSecond()).isEqualTo(20);
    succession.relayed(Set.of(new WorkerPair(B, A), new WorkerPair(B, C)));
    assertThat(succession.bytesPerSecond()).isEqualTo(12.5);
    succession.relayed(Set.of());
    assertThat(succession.bytesPerSecond()).isEqualTo(20);
  }

  // ---- who is to serve

  @Test
  void whoIsNamedServesBeforeAllOthers() {
    Succession succession = of("c", A);
    succession.heard(B, standing(9)); // without data
    succession.heard(C, standing(1, Flag.TRAINS));
    assertThat(succession.successor(standing(5, Flag.TRAINS))).isEqualTo(C);
  }

  @Test
  void elseWhoHasNoData() {
    Succession succession = of("auto", A);
    succession.heard(B, standing(9, Flag.TRAINS));
    succession.heard(C, standing(1));
    assertThat(succession.successor(standing(5, Flag.TRAINS))).isEqualTo(C);
  }

  @Test
  void elseWhoseLinesAreBest() {
    Succession succession = of("auto", A);
    succession.heard(B, standing(9, Flag.TRAINS));
    succession.heard(C, standing(10, Flag.TRAINS));
    assertThat(succession.successor(standing(5, Flag.TRAINS))).isEqualTo(C);
    assertThat(succession.successor(standing(11, Flag.TRAINS))).isEqualTo(A);
  }

  @Test
  void elseTheLeastName() {
    Succession succession = of("auto", B);
    succession.heard(A, standing(5, Flag.TRAINS));
    succession.heard(C, standing(5, Flag.TRAINS));
    assertThat(succession.successor(standing(5, Flag.TRAINS))).isEqualTo(A);
  }

  @Test
  void whoseStandingIsUnknownIsNoCandidate() {
    Succession succession = of("a", C);
    assertThat(succession.unknown()).containsExactly(A, B);
    succession.heard(B, standing(5, Flag.TRAINS));
    assertThat(succession.unknown()).containsExactly(A);
    assertThat(succession.successor(standing(1, Flag.TRAINS))).isEqualTo(B);
    succession.remove(B);
    assertThat(succession.successor(standing(1, Flag.TRAINS))).isEqualTo(C);
  }

  @Test
  void allMembersChooseTheSameOne() {
    Standing a = standing(5, Flag.TRAINS);
    Standing b = standing(7, Flag.TRAINS);
    Standing c = standing(7, Flag.TRAINS);
    Succession ofA = of("auto", A);
    ofA.heard(B, b);
    ofA.heard(C, c);
    Succession ofB = of("auto", B);
    ofB.heard(A, a);
    ofB.heard(C, c);
    Succession ofC = of("auto", C);
    ofC.heard(A, a);
    ofC.heard(B, b);
    assertThat(List.of(ofA.successor(a), ofB.successor(b), ofC.successor(c))).containsOnly(B);
  }

  @Test
  void linesMatterOnlyWhereNobodyIsNamedOrWithoutData() {
    Succession succession = of("auto", A);
    succession.heard(B, standing(0, Flag.TRAINS));
    assertThat(succession.dependsOnLines(standing(0, Flag.TRAINS))).isTrue();
    assertThat(succession.dependsOnLines(standing(0))).as("this one has no data").isFalse();
    succession.heard(C, standing(0));
    assertThat(succession.dependsOnLines(standing(0, Flag.TRAINS))).isFalse();
    assertThat(of("b", A).dependsOnLines(standing(0, Flag.TRAINS))).isFalse();
    assertThat(of("elsewhere", A).dependsOnLines(standing(0, Flag.TRAINS)))
        .as("who is named is not there")
        .isTrue();
  }

  @Test
  void linesAreTheMeanOfThoseMeasured() {
    Succession succession = of("auto", A);
    assertThat(succession.bytesPerSecond()).isZero();
    succession.measured(B, 10);
    assertThat(succession.bytesPerSecond()).isEqualTo(10);
    assertThat(succession.hasMeasured(Set.of(B, C))).isFalse();
    succession.measured(C, 20);
    succession.measured(new WorkerId("stranger"), 1000);
    assertThat(succession.bytesPerSecond()).isEqualTo(15);
    assertThat(succession.hasMeasured(Set.of(B, C))).isTrue();
  }

  // ---- two servers

  @Test
  void ofTwoServersTheOneWithMoreClientsGoesOn() {
    assertThat(Succession.precedes(B, serving(1, 0, 3), A, serving(2, 0, 2))).isTrue();
    assertThat(Succession.precedes(A, serving(2, 0, 2), B, serving(1, 0, 3))).isFalse();
    assertThat(Succession.precedes(B, serving(2, 0, 2), A, serving(1, 9, 2)))
        .as("the higher term")
        .isTrue();
    assertThat(Succession.precedes(A, serving(1, 0, 2), B, serving(1, 9, 2)))
        .as("the least name")
        .isTrue();
    assertThat(Succession.precedes(B, serving(1, 9, 2), A, serving(1, 0, 2))).isFalse();
  }

  @Test
  void theBestServerIsFollowed() {
    Succession succession = of("auto", A);
    assertThat(succession.bestServer()).isEmpty();
    succession.heard(B, serving(1, 5, 1));
    assertThat(succession.bestServer()).contains(B);
    succession.heard(C, serving(1, 5, 2));
    assertThat(succession.bestServer()).contains(C);
    succession.heard(C, standing(1, Flag.TRAINS));
    assertThat(succession.bestServer()).contains(B);
  }

  // ---- the newest model

  @Test
  void theNewestModelIsOfTheHighestTermThenVersion() {
    Succession succession = of("auto", B);
    assertThat(succession.newest(holding(1, 5))).isEqualTo(B);
    succession.heard(A, holding(1, 5));
    assertThat(succession.newest(holding(1, 5))).as("nobody has a newer one").isEqualTo(B);
    succession.heard(A, holding(1, 6));
    assertThat(succession.newest(holding(1, 5))).isEqualTo(A);
    succession.heard(C, holding(2, 1));
    assertThat(succession.newest(holding(1, 9))).isEqualTo(C);
    assertThat(succession.nextTerm(1, 7)).isGreaterThan(2);
    succession.givesNoModel(C);
    assertThat(succession.newest(holding(1, 5))).isEqualTo(A);
  }

  @Test
  void afterALossStandingsAreOldUntilToldAgain() {
    Succession succession = of("auto", A);
    succession.heard(B, standing(0, Flag.TRAINS, Flag.FOLLOWS));
    succession.heard(C, standing(0, Flag.TRAINS, Flag.FOLLOWS));
    assertThat(succession.somebodyFollows()).isTrue();
    succession.serverLost();
    assertThat(succession.stale()).containsExactly(B, C);
    assertThat(succession.somebodyFollows()).as("that was before").isFalse();
    succession.heard(B, standing(0, Flag.TRAINS));
    assertThat(succession.stale()).containsExactly(C);
  }
}
