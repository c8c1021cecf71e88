package io.dlion.emulator.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlion.core.WorkerId;
import io.dlion.core.node.Action;
import io.dlion.core.node.Priority;
import io.dlion.core.wire.Control;
import io.dlion.core.wire.MessageType;
import io.dlion.core.wire.Payload;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExchangeCostTest {
  private static final ExchangeCost COST = new ExchangeCost(2, 0.5, 0.1);

  private static Payload gradient(int bytes) {
    byte[] message = new byte[bytes];
    message[3] = (byte) MessageType.GRADIENT.ordinal();
    return new Payload(message, bytes);
  }

  private static Action send(String to, Payload payload) {
    return new Action.Send(new WorkerId(to), payload, Priority.GRADIENT);
  }

  @Test
  void selectingIsPaidOnceAndEncodingForEachMessage() {
    assertThat(COST.nanos(List.of(send("a", gradient(100))), 1000)).isEqualTo(2000 + 500 + 10);
    List<Action> two = List.of(send("a", gradient(100)), send("b", gradient(200)));
    assertThat(COST.nanos(two, 1000)).isEqualTo(2000 + 2 * 500 + 30);
  }

  @Test
  void aMessageForSeveralPeersIsEncodedOnce() {
    Payload whole = gradient(4000);
    assertThat(COST.nanos(List.of(send("a", whole), send("b", whole)), 1000))
        .isEqualTo(2000 + 500 + 400);
  }

  @Test
  void onlyGradientMessagesCostAnything() {
    // A goodbye goes behind the gradients, with their priority.
    Payload goodbye = Control.encode(new Control.Goodbye(Control.Reason.EPOCHS), 7);
    assertThat(COST.nanos(List.of(send("a", goodbye)), 1000)).isZero();
    assertThat(COST.nanos(List.of(), 1000)).isZero();
  }

  @Test
  void fiveLinksTakeWhatTheBenchmarkMeasured() {
    List<Action> five = new ArrayList<>();
    for (String peer : List.of("a", "b", "c", "d", "e")) {
      five.add(send(peer, gradient(115_000)));
    }
    assertThat(ExchangeCost.MEASURED.nanos(five, 2_170_000) / 1e6).isBetween(3.2, 3.8);
  }
}
