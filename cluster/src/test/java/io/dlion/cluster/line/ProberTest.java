package io.dlion.cluster.line;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlion.cluster.cap.Allowance;
import io.dlion.cluster.cap.Caps;
import io.dlion.cluster.survey.LineFacts;
import io.dlion.cluster.survey.ProbeLimits;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Lines between processes of one machine are measured, without certificates. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ProberTest {
  private static final ProbeLimits SHORT = new ProbeLimits(300, 400_000);

  private final List<Switchboard> all = new ArrayList<>();

  private Switchboard station(String name, InetSocketAddress at) throws IOException {
    Switchboard made =
        new Switchboard(name, new Whereabouts(at, Optional.empty()), Optional.empty());
    made.open();
    made.measurable(Optional::empty);
    all.add(made);
    return made;
  }

  /** Three that know each other. */
  private void three() throws Exception {
    InetSocketAddress first = FreePort.address();
    station("w1", first);
    for (String name : List.of("w2", "w3")) {
      assertThat(station(name, FreePort.address()).meet(List.of(first))).isEmpty();
    }
    while (all.stream().anyMatch(s -> s.known().size() < 2)) {
      Thread.sleep(5);
    }
  }

  private UUID id(int station) {
    return all.get(station).self().id();
  }

  @AfterEach
  void close() {
    all.forEach(Switchboard::close);
  }

  @Test
  void severalLinesAreMeasuredInBothDirectionsAtOnce() throws Exception {
    three();
    List<LineFacts> found = all.getFirst().measure(List.of(id(2), id(1)), SHORT);
    assertThat(found).extracting(LineFacts::target).containsExactly(id(2), id(1));
    assertThat(found)
        .allSatisfy(facts -> {
          assertThat(facts).isInstanceOf(LineFacts.Measured.class);
          LineFacts.Measured m = (LineFacts.Measured) facts;
          assertThat(m.roundTripSeconds()).isPositive();
          // The slowest of machines sends more than that to itself.
          assertThat(m.outBytesPerSecond()).isGreaterThan(1000);
          assertThat(m.inBytesPerSecond()).isGreaterThan(1000);
        });
  }

  @Test
  void whatAWorkerMayNotSendItDoesNotSend() throws Exception {
    three();
    // 0.8 Mbit/s are 100 kB/s on the wire, and a burst before.
    all.getFirst().allow(Allowance.of(Caps.parse(Optional.of("0.8"), Optional.empty(), List.of())));
    LineFacts found =
        all.get(1).measure(List.of(id(0)), new ProbeLimits(2000, 2_000_000)).getFirst();
    assertThat(found).isInstanceOf(LineFacts.Measured.class);
    assertThat(((LineFacts.Measured) found).inBytesPerSecond()).isLessThan(150_000);
    assertThat(((LineFacts.Measured) found).outBytesPerSecond()).isLessThan(150_000);
  }

  @Test
  void whoTrainsIsNotDisturbed() throws Exception {
    three();
    all.get(1).measurable(() -> Optional.of("it trains"));
    List<LineFacts> found = all.getFirst().measure(List.of(id(1), id(2)), SHORT);
    assertThat(found.getFirst()).isEqualTo(new LineFacts.Failed(id(1), "it trains"));
    assertThat(found.getLast()).isInstanceOf(LineFacts.Measured.class);
  }

  @Test
  void whoIsNotKnownOrGoneIsNamedWithTheReason() throws Exception {
    three();
    UUID nobody = new UUID(7, 7);
    UUID gone = id(2);
    all.get(2).close();
    List<LineFacts> found = all.getFirst().measure(List.of(nobody, gone, id(1)), SHORT);
    assertThat(found.getFirst()).isEqualTo(new LineFacts.Failed(nobody, "it has not met it"));
    assertThat(found.get(1)).isInstanceOf(LineFacts.Failed.class);
    assertThat(found.getLast()).isInstanceOf(LineFacts.Measured.class);
  }
}
