package io.dlion.core.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dlion.core.WorkerId;
import io.dlion.core.transfer.KnowledgeTransfer.Request;
import io.dlion.core.transfer.KnowledgeTransfer.Rule;
import io.dlion.core.transfer.KnowledgeTransfer.Scope;
import io.dlion.core.wire.Control.RoundLoss;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class KnowledgeTransferTest {
  private static final WorkerId SELF = new WorkerId("w2");
  private static final WorkerId W1 = new WorkerId("w1");
  private static final WorkerId W3 = new WorkerId("w3");
  private static final List<WorkerId> PEERS = List.of(W1, W3);

  private static KnowledgeTransfer transfer(Scope scope, boolean timely) {
    return new KnowledgeTransfer(SELF, new Rule(scope, timely, 10, 4, 0.75, 2));
  }

  /** Runs this worker's iterations of a round with a constant loss. */
  private static RoundLoss round(KnowledgeTransfer transfer, int round, double loss) {
    for (int i = 10 * (round - 1); i < 10 * round - 1; i++) {
      assertThat(transfer.iterationEnded(i, loss)).isEmpty();
    }
    return transfer.iterationEnded(10L * round - 1, loss).orElseThrow();
  }

  private static RoundLoss loss(long round, double mean) {
    return new RoundLoss(round, mean, 0);
  }

  private static Optional<WorkerId> asked(Scope scope, double own, double w1, double w3) {
    KnowledgeTransfer transfer = transfer(scope, false);
    round(transfer, 1, own);
    transfer.announced(W1, loss(1, w1));
    assertThat(transfer.decide(PEERS, 10, 0)).as("not before all have announced").isEmpty();
    transfer.announced(W3, loss(1, w3));
    Optional<Request> request = transfer.decide(PEERS, 10, 0);
    assertThat(transfer.decide(PEERS, 10, 0)).as("once per round").isEmpty();
    assertThat(transfer.open()).isEqualTo(request);
    return request.map(Request::from);
  }

  @Test
  void aRoundAnnouncesTheMeanOfTheWindow() {
    KnowledgeTransfer transfer = transfer(Scope.ALL, false);
    for (int i = 0; i < 9; i++) {
      assertThat(transfer.iterationEnded(i, 100)).isEmpty();
    }
    // The last four are 100, 100, 100, 20: mean 80, deviation 40, standard error 20.
    RoundLoss loss = transfer.iterationEnded(9, 20).orElseThrow();
    assertThat(loss.round()).isEqualTo(1);
    assertThat(loss.meanLoss()).isCloseTo(80, within(1e-12));
    assertThat(loss.standardError()).isCloseTo(20, within(1e-12));
  }

  @Test
  void allOthersAskTheBest() {
    assertThat(asked(Scope.ALL, 2, 1, 3)).contains(W1);
    assertThat(asked(Scope.ALL, 2, 3, 1)).contains(W3);
    assertThat(asked(Scope.ALL, 1, 2, 3)).isEmpty();
  }

  @Test
  void ofEqualLossesTheLeastIdIsBest() {
    assertThat(asked(Scope.ALL, 2, 1, 1)).contains(W1);
    assertThat(asked(Scope.ALL, 1, 1, 1)).contains(W1);
    assertThat(asked(Scope.ALL, 1, 2, 1)).as("this worker is less than w3").isEmpty();
  }

  @Test
  void inScopeWorstOnlyTheWorstAsks() {
    assertThat(asked(Scope.WORST, 3, 1, 2)).contains(W1);
    assertThat(asked(Scope.WORST, 2, 1, 3)).isEmpty();
    assertThat(asked(Scope.WORST, 1, 2, 3)).isEmpty();
    assertThat(asked(Scope.WORST, 1, 1, 1)).as("of equals the greatest id is worst").isEmpty();
  }

  @Test
  void inScopeNoneNobodyAnnouncesOrAsks() {
    KnowledgeTransfer transfer = transfer(Scope.NONE, false);
    for (int i = 0; i < 30; i++) {
      assertThat(transfer.iterationEnded(i, 5)).isEmpty();
    }
    transfer.announced(W1, loss(1, 1));
    transfer.announced(W3, loss(1, 1));
    assertThat(transfer.decide(PEERS, 30, 0)).isEmpty();
  }

  @Test
  void aLonelyWorkerAsksNobody() {
    KnowledgeTransfer transfer = transfer(Scope.ALL, false);
    round(transfer, 1, 5);
    assertThat(transfer.decide(List.of(), 10, 0)).isEmpty();
  }

  @Test
  void weightsCountInFullUntilTheirMaximumAge() {
    for (int age : new int[] {0, 1, 20, 21}) {
      KnowledgeTransfer transfer = open(false);
      assertThat(transfer.arrived(W1, 1, 10 + age)).isEqualTo(age <= 20 ? 0.75 : 0);
      assertThat(transfer.open()).isEmpty();
      assertThat(transfer.arrived(W1, 1, 10 + age)).as("once").isZero();
    }
  }

  @Test
  void timelyWeightsCountLessWithAge() {
    assertThat(open(true).arrived(W1, 1, 10)).isCloseTo(0.75, within(1e-12));
    assertThat(open(true).arrived(W1, 1, 15)).isCloseTo(0.75 * 0.75, within(1e-12));
    assertThat(open(true).arrived(W1, 1, 30)).isCloseTo(0, within(1e-12));
  }

  /** A worker that has asked w1 in round 1, at iteration 10. */
  private static KnowledgeTransfer open(boolean timely) {
    KnowledgeTransfer transfer = transfer(Scope.ALL, timely);
    round(transfer, 1, 5);
    PEERS.forEach(peer -> transfer.announced(peer, loss(1, peer.equals(W1) ? 1 : 2)));
    assertThat(transfer.decide(PEERS, 10, 7).orElseThrow()).isEqualTo(new Request(1, W1, 10, 7));
    return transfer;
  }

  @Test
  void weightsNobodyAskedForAreDropped() {
    assertThat(open(false).arrived(W3, 1, 10)).isZero();
    assertThat(open(false).arrived(W1, 2, 10)).isZero();
    KnowledgeTransfer wrongFirst = open(false);
    wrongFirst.arrived(W3, 1, 10);
    assertThat(wrongFirst.arrived(W1, 1, 10)).as("the request stays open").isEqualTo(0.75);
  }

  @Test
  void timelyWorkersDoNotAskForADifferenceWithinNoise() {
    for (double gain : new double[] {0.99, 1.01}) {
      KnowledgeTransfer transfer = transfer(Scope.ALL, true);
      round(transfer, 1, 5);
      // Twice the hypotenuse of 0 and 0.5.
      transfer.announced(W1, new RoundLoss(1, 5 - gain, 0.5));
      transfer.announced(W3, loss(1, 9));
      assertThat(transfer.decide(PEERS, 10, 0).isPresent()).isEqualTo(gain > 1);
    }
  }

  @Test
  void oneRequestIsOpenAtATime() {
    KnowledgeTransfer transfer = open(false);
    round(transfer, 2, 5);
    PEERS.forEach(peer -> transfer.announced(peer, loss(2, 1)));
    assertThat(transfer.decide(PEERS, 20, 0)).isEmpty();
    assertThat(transfer.open().orElseThrow().round()).isEqualTo(1);
  }

  @Test
  void aRequestThatIsTooOldIsGivenUp() {
    KnowledgeTransfer transfer = open(false);
    for (int i = 10; i <= 30; i++) {
      transfer.iterationEnded(i, 5);
      assertThat(transfer.open()).isPresent();
    }
    transfer.iterationEnded(31, 5);
    assertThat(transfer.open()).isEmpty();
  }

  @Test
  void departedPeersAreNeitherWaitedForNorBest() {
    KnowledgeTransfer transfer = transfer(Scope.ALL, false);
    round(transfer, 1, 5);
    transfer.announced(W1, loss(1, 1));
    assertThat(transfer.decide(PEERS, 10, 0)).isEmpty();
    transfer.gone(W3);
    assertThat(transfer.decide(List.of(W1), 10, 0).orElseThrow().from()).isEqualTo(W1);
    transfer.gone(W1);
    assertThat(transfer.open()).isEmpty();
    KnowledgeTransfer alone = transfer(Scope.ALL, false);
    round(alone, 1, 5);
    alone.announced(W1, loss(1, 1));
    assertThat(alone.decide(List.of(W3), 10, 0)).isEmpty();
    alone.announced(W3, loss(1, 2));
    assertThat(alone.decide(List.of(W3), 10, 0).orElseThrow().from()).isEqualTo(W3);
  }

  @Test
  void theNewestCompleteRoundIsDecidedAndOlderOnesForgotten() {
    KnowledgeTransfer transfer = transfer(Scope.ALL, false);
    round(transfer, 1, 5);
    round(transfer, 2, 5);
    PEERS.forEach(peer -> transfer.announced(peer, loss(2, 2)));
    assertThat(transfer.decide(PEERS, 20, 0).orElseThrow().round()).isEqualTo(2);
    PEERS.forEach(peer -> transfer.announced(peer, loss(1, 1)));
    assertThat(transfer.decide(PEERS, 20, 0)).isEmpty();
  }

  @Test
  void roundsFarAheadDoNotCrowdOutTheOnesToCome() {
    KnowledgeTransfer transfer = transfer(Scope.ALL, false);
    round(transfer, 1, 5);
    PEERS.forEach(peer -> transfer.announced(peer, loss(2, peer.equals(W1) ? 1 : 2)));
    for (int k = 0; k < 20; k++) {
      transfer.announced(W3, loss(Long.MAX_VALUE - k, 1));
    }
    round(transfer, 2, 5);
    assertThat(transfer.decide(PEERS, 20, 0).orElseThrow().from()).isEqualTo(W1);
  }

  @Test
  void aPeerAheadMayAnnounceEarly() {
    KnowledgeTransfer transfer = transfer(Scope.ALL, false);
    PEERS.forEach(peer -> transfer.announced(peer, loss(1, 1)));
    assertThat(transfer.decide(PEERS, 5, 0)).isEmpty();
    round(transfer, 1, 5);
    assertThat(transfer.decide(PEERS, 10, 0)).isPresent();
  }

  @Test
  void whoIsManyRoundsAheadOrBehindIsComparedByItsNewestLoss() {
    KnowledgeTransfer transfer = transfer(Scope.ALL, false);
    for (int k = 40; k < 60; k++) {
      transfer.announced(W1, loss(k, 1));
    }
    transfer.announced(W3, loss(2, 2));
    round(transfer, 5, 5);
    assertThat(transfer.decide(PEERS, 50, 0).map(Request::from)).contains(W1);
  }

  @Test
  void theWindowKeepsTheLastLosses() {
    LossWindow window = new LossWindow(3);
    window.add(1);
    assertThat(window.mean()).isEqualTo(1);
    assertThat(window.standardError()).isZero();
    window.add(2);
    window.add(3);
    window.add(4);
    assertThat(window.mean()).isEqualTo(3);
    // Deviation 1 over the square root of 3.
    assertThat(window.standardError()).isCloseTo(0.57735, within(1e-5));
  }
}
