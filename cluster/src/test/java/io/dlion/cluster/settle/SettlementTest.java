package io.dlion.cluster.settle;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlion.cluster.Line;
import io.dlion.cluster.Mean;
import io.dlion.cluster.link.Piece;
import io.dlion.core.WorkerId;
import io.dlion.core.node.Priority;
import io.dlion.core.node.Rank;
import io.dlion.core.wire.Payload;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SettlementTest {
  private static final WorkerId W1 = new WorkerId("w1");
  private static final WorkerId W2 = new WorkerId("w2");
  private static final WorkerId W3 = new WorkerId("w3");
  private static final int PART = 1000;

  private final Set<WorkerId> present = new ConcurrentSkipListSet<>();
  private final Map<WorkerId, Party> parties = new TreeMap<>();
  private final BlockingQueue<String> sent = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> said = new LinkedBlockingQueue<>();

  /** A worker whose weights are all the same. */
  private final class Party implements Settlement.Post {
    final WorkerId id;
    final Line line = new Line(1000, 0, call -> false);
    final Settlement settlement;
    Rank rank = Rank.PEER;

    Party(WorkerId id, float weight) {
      this.id = id;
      for (int i = 0; i < line.parameters().size(); i++) {
        line.weights().setAtIndex(ValueLayout.JAVA_FLOAT, i, weight);
      }
      settlement = new Settlement(id, line, this);
      present.add(id);
      parties.put(id, this);
    }

    CompletableFuture<Agreement> settle() {
      return CompletableFuture.supplyAsync(
          () -> {
            try {
              return settlement.settle(new Mean(line.weights()), rank);
            } catch (InterruptedException e) {
              throw new IllegalStateException(e);
            }
          },
          task -> Thread.ofVirtual().start(task));
    }

    float[] weights() {
      return line.weights().toArray(ValueLayout.JAVA_FLOAT);
    }

    @Override
    public Set<WorkerId> present() {
      return present;
    }

    @Override
    public void send(WorkerId to, Payload message) {
      Settlement receiver = party(to).settlement;
      for (int at = 0; at < message.length(); at += PART) {
        int length = Math.min(PART, message.length() - at);
        byte[] part = Arrays.copyOfRange(message.bytes(), at, at + length);
        receiver.arrived(
            id,
            new Piece(Piece.Kind.MODEL, Priority.WEIGHTS, 0, message.length(), at),
            part,
            0,
            length);
      }
      sent.add(id + " to " + to);
    }

    @Override
    public void confirm(WorkerId maker) {
      party(maker).settlement.taken(id);
    }

    @Override
    public void say(String text) {
      said.add(id + ": " + text);
    }
  }

  private Party party(WorkerId id) {
    return Optional.ofNullable(parties.get(id)).orElseThrow();
  }

  private void leaves(WorkerId id) {
    present.remove(id);
    parties.values().forEach(p -> p.settlement.changed());
  }

  private static float[] filled(Party like, float value) {
    float[] all = new float[like.line.parameters().size()];
    Arrays.fill(all, value);
    return all;
  }

  @Test
  void theLeastOfThreeMakesOneModelForAll() throws Exception {
    Party one = new Party(W1, 1);
    Party two = new Party(W2, 2);
    Party three = new Party(W3, 6);
    CompletableFuture<Agreement> third = three.settle();
    sent.take(); // its replica waits until the first one has ended, too
    List<CompletableFuture<Agreement>> all = List.of(one.settle(), two.settle(), third);
    for (CompletableFuture<Agreement> agreement : all) {
      assertThat(agreement.get()).isEqualTo(new Agreement("mean of 3", Optional.of(W1)));
    }
    for (Party party : parties.values()) {
      assertThat(party.weights()).isEqualTo(filled(party, 3));
    }
    assertThat(said).isEmpty();
  }

  private static Rank served(WorkerId by, long precedence) {
    return new Rank(Optional.of(by), precedence);
  }

  @Test
  void theServerMakesTheModelAndNobodyElsesIsInIt() throws Exception {
    Party one = new Party(W1, 1);
    Party two = new Party(W2, 2);
    Party three = new Party(W3, 6);
    one.rank = served(W3, 40); // did not get the last model
    two.rank = served(W3, 44);
    three.rank = served(W3, 45);
    for (CompletableFuture<Agreement> agreement :
        List.of(one.settle(), two.settle(), three.settle())) {
      assertThat(agreement.get()).isEqualTo(new Agreement("mean of 1", Optional.of(W3)));
    }
    for (Party party : parties.values()) {
      assertThat(party.weights()).isEqualTo(filled(party, 6));
    }
  }

  @Test
  void ifTheServerGoesTheNewestModelOfItIsTheRuns() throws Exception {
    Party one = new Party(W1, 1);
    Party two = new Party(W2, 2);
    Party _ = new Party(W3, 6);
    one.rank = served(W3, 40);
    two.rank = served(W3, 44);
    List<CompletableFuture<Agreement>> agreements = List.of(one.settle(), two.settle());
    assertThat(List.of(sent.take(), sent.take())).containsExactlyInAnyOrder("w1 to w3", "w2 to w3");
    leaves(W3);
    for (CompletableFuture<Agreement> agreement : agreements) {
      assertThat(agreement.get()).isEqualTo(new Agreement("mean of 1", Optional.of(W1)));
    }
    assertThat(one.weights()).isEqualTo(filled(one, 2));
    assertThat(two.weights()).isEqualTo(filled(two, 2));
  }

  @Test
  void whereEachTakesTheOtherForTheServerTheLeastMakesTheModel() throws Exception {
    Party one = new Party(W1, 1);
    Party two = new Party(W2, 2);
    one.rank = served(W2, 8);
    two.rank = served(W1, 10);
    for (CompletableFuture<Agreement> agreement : List.of(one.settle(), two.settle())) {
      assertThat(agreement.get()).isEqualTo(new Agreement("mean of 1", Optional.of(W1)));
    }
    assertThat(one.weights()).isEqualTo(filled(one, 2));
    assertThat(two.weights()).isEqualTo(filled(two, 2));
  }

  @Test
  void ifTheMakerGoesTheNextOneMakesIt() throws Exception {
    Party _ = new Party(W1, 1);
    Party two = new Party(W2, 2);
    Party three = new Party(W3, 6);
    List<CompletableFuture<Agreement>> agreements = List.of(two.settle(), three.settle());
    assertThat(List.of(sent.take(), sent.take())).containsExactlyInAnyOrder("w2 to w1", "w3 to w1");
    leaves(W1);
    for (CompletableFuture<Agreement> agreement : agreements) {
      assertThat(agreement.get()).isEqualTo(new Agreement("mean of 2", Optional.of(W2)));
    }
    assertThat(two.weights()).isEqualTo(filled(two, 4));
    assertThat(three.weights()).isEqualTo(filled(three, 4));
  }

  @Test
  void aReplicaThatIsNotFiniteOrDamagedIsLeftOut() throws Exception {
    Party one = new Party(W1, 1);
    Party two = new Party(W2, Float.NaN);
    Party three = new Party(W3, 5);
    Payload damaged = ModelMessage.encode(false, 0, "", three.line);
    damaged.bytes()[200] ^= 1;
    three.send(W1, damaged);
    assertThat(said.take()).contains("w1: dropped a message from w3").contains("checksum");
    two.send(W1, ModelMessage.encode(false, 0, "", two.line));
    assertThat(said.take()).contains("w1: dropped a message from w2").contains("not finite");
    leaves(W3);
    CompletableFuture<Agreement> second = two.settle(); // not waited for, and gets the model
    assertThat(one.settle().get()).isEqualTo(new Agreement("mean of 1", Optional.of(W1)));
    assertThat(one.weights()).isEqualTo(filled(one, 1));
    assertThat(second.get()).isEqualTo(new Agreement("mean of 1", Optional.of(W1)));
    assertThat(two.weights()).isEqualTo(filled(two, 1));
  }

  @Test
  void aModelThatIsNotFiniteIsNotTakenOver() throws Exception {
    Party one = new Party(W1, Float.NaN);
    Party two = new Party(W2, 2);
    CompletableFuture<Agreement> first = one.settle();
    CompletableFuture<Agreement> second = two.settle();
    assertThat(second.get()).isEqualTo(new Agreement("mean of 1", Optional.of(W2)));
    assertThat(two.weights()).isEqualTo(filled(two, 2));
    leaves(W2);
    assertThat(first.get().madeBy()).contains(W1);
  }

  @Test
  void aMessageOfAnotherSizeIsNotTakenIn() {
    Party one = new Party(W1, 1);
    Piece absurd = new Piece(Piece.Kind.MODEL, Priority.WEIGHTS, 0, Integer.MAX_VALUE, 0);
    one.settlement.arrived(W2, absurd, new byte[PART], 0, PART);
    Piece small = new Piece(Piece.Kind.MODEL, Priority.WEIGHTS, 1, 3, 0);
    one.settlement.arrived(W2, small, new byte[3], 0, 3);
    assertThat(said).singleElement().asString().contains("cut off");
  }

  @Test
  void whoIsToWaitNoLongerKeepsItsOwnAndSaysSo() throws Exception {
    Party _ = new Party(W1, 1);
    Party two = new Party(W2, 2);
    CompletableFuture<Agreement> agreement = two.settle();
    sent.take();
    two.settlement.giveUp();
    assertThat(agreement.get()).isEqualTo(new Agreement("mean of 1", Optional.of(W2)));
    assertThat(two.weights()).isEqualTo(filled(two, 2));
    assertThat(said.take()).isEqualTo("w2: no model from w1: this worker keeps its own");
  }

  @Test
  void theModelIsTheMakersBitForBit() throws Exception {
    Party one = new Party(W1, 1);
    Party two = new Party(W2, 1f / 3);
    CompletableFuture<Agreement> first = one.settle();
    two.settle().get();
    first.get();
    assertThat(one.line.weights().mismatch(two.line.weights())).isEqualTo(-1);
    assertThat(MemorySegment.ofArray(one.weights()).get(ValueLayout.JAVA_FLOAT_UNALIGNED, 0))
        .isEqualTo((float) ((1 + (double) (1f / 3)) / 2));
  }
}
