package io.dlion.cluster.line;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dlion.core.WorkerId;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Lines between processes of one machine, without certificates. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SwitchboardTest {
  private static final long PATIENT_MILLIS = 20_000;

  private final List<Node> nodes = new ArrayList<>();

  /** A process that notes what comes. */
  private static final class Node implements Receiver {
    final InetSocketAddress address;
    final Switchboard lines;
    final BlockingQueue<String> messages = new LinkedBlockingQueue<>();
    final BlockingQueue<String> lost = new LinkedBlockingQueue<>();

    Node(String name, InetSocketAddress address, Optional<Endpoint> advertised) throws IOException {
      this.address = address;
      lines = new Switchboard(name, new Whereabouts(address, advertised), Optional.empty());
      lines.attach(Channel.CONTROL, this);
      lines.open();
    }

    @Override
    public void received(Station from, Optional<WorkerId> speaker, DataInputStream in, int length)
        throws IOException {
      messages.add(from.name() + ": " + new String(in.readNBytes(length), UTF_8));
    }

    @Override
    public void unreachable(Station station) {
      lost.add(station.name());
    }

    void send(Node to, String text) throws Exception {
      byte[] bytes = text.getBytes(UTF_8);
      lines.send(to.lines.self(), Channel.CONTROL, bytes, 0, bytes.length, PATIENT_MILLIS);
    }

    void awaitKnown(Node other) throws InterruptedException {
      while (lines.known().stream().noneMatch(s -> s.id().equals(other.lines.self().id()))) {
        Thread.sleep(5);
      }
    }
  }

  private Node node(String name) throws IOException {
    Node made = new Node(name, FreePort.address(), Optional.empty());
    nodes.add(made);
    return made;
  }

  @AfterEach
  void close() {
    nodes.forEach(node -> node.lines.close());
  }

  @Test
  void anAddressThatCannotBeListenedOnIsNamed() throws IOException {
    Node first = node("w1");
    assertThatThrownBy(() -> new Node("w2", first.address, Optional.empty()))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(
            "--bind: cannot listen on 127.0.0.1, port "
                + first.address.getPort()
                + ": it must be an address of this machine");
  }

  @Test
  void thoseWhoMeetOneHearOfTheOthers() throws Exception {
    Node first = node("w1");
    Node second = node("w2");
    Node third = node("w3");
    assertThat(second.lines.meet(List.of(first.address))).isEmpty();
    assertThat(third.lines.meet(List.of(first.address))).isEmpty();
    second.awaitKnown(third);
    third.awaitKnown(second);
    second.send(third, "hello");
    assertThat(third.messages.take()).isEqualTo("w2: hello");
    third.send(second, "good day");
    assertThat(second.messages.take()).isEqualTo("w3: good day");
    assertThat(second.lines.paths()).extracting(Path::via).containsOnly(Optional.empty());
  }

  @Test
  void aSeedWhereNobodyListensIsNamedWithTheReason() throws Exception {
    Node first = node("w1");
    InetSocketAddress nobody = FreePort.address();
    Map<InetSocketAddress, String> vain = first.lines.meet(List.of(nobody, first.address));
    assertThat(vain).containsOnlyKeys(nobody);
    assertThat(vain.get(nobody)).contains("refused");
  }

  @Test
  void whoEndsWithoutGoodbyeIsUnreachableAndWhoSaysItIsNot() throws Exception {
    Node first = node("w1");
    Node third = node("w3");
    assertThat(third.lines.meet(List.of(first.address))).isEmpty();
    third.send(first, "here");
    assertThat(first.messages.take()).endsWith("here");
    try (Connection second = new Calls(Optional.empty()).call(Calls.dial(first.address))) {
      Station self = new Station(UUID.randomUUID(), "w2", List.of());
      Calls.ask(second, new Opening.ForLine(Channel.CONTROL, self, Opening.ANYBODY));
      while (first.lines.paths().size() < 2) {
        Thread.sleep(5);
      }
      third.lines.close(); // says goodbye
      while (first.lines.paths().size() > 1) {
        Thread.sleep(5);
      }
    } // says nothing
    assertThat(first.lost.take()).isEqualTo("w2");
    assertThat(first.lost).isEmpty();
  }

  @Test
  void nobodyTakesThePlaceOfAnother() throws Exception {
    Node first = node("w1");
    Node second = node("w2");
    BlockingQueue<String> told = told(first);
    assertThat(second.lines.meet(List.of(first.address))).isEmpty();
    second.send(first, "here"); // it has met it, too
    assertThat(first.messages.take()).endsWith("here");
    Station robbed = new Station(second.lines.self().id(), "w3", List.of());
    try (Connection insider = new Calls(Optional.empty()).call(Calls.dial(first.address))) {
      Calls.ask(insider, new Opening.ForLine(Channel.CONTROL, robbed, Opening.ANYBODY));
      assertThat(told.take()).isEqualTo("refused w3: it says it is the process of w2");
      assertThat(hasEnded(insider)).isTrue();
    }
    first.send(second, "still you");
    assertThat(second.messages.take()).isEqualTo("w1: still you");
  }

  private static boolean hasEnded(Connection connection) {
    try {
      return connection.in().read() < 0;
    } catch (IOException e) {
      return true; // closed at once
    }
  }

  private static BlockingQueue<String> told(Node node) {
    BlockingQueue<String> told = new LinkedBlockingQueue<>();
    node.lines.watch(
        new PathWatch() {
          @Override
          public void relayed(Station peer, Station via) {}

          @Override
          public void direct(Station peer, long relayedNanos) {}

          @Override
          public void forwards(String one, String other, boolean begins) {}

          @Override
          public void told(String text) {
            told.add(text);
          }
        });
    return told;
  }

  @Test
  void twoThatAdvertiseOneAddressAreNamed() throws Exception {
    Node first = node("w1");
    Endpoint one = new Endpoint("127.0.0.1", first.address.getPort(), true);
    Node second = new Node("w2", FreePort.address(), Optional.of(one));
    nodes.add(second);
    Node third = node("w3");
    BlockingQueue<String> told = told(third);
    assertThat(second.lines.meet(List.of(first.address))).isEmpty();
    assertThat(third.lines.meet(List.of(first.address))).isEmpty();
    third.awaitKnown(second);
    third.send(second, "hello");
    assertThat(second.messages.take()).isEqualTo("w3: hello");
    assertThat(told.take())
        .isEqualTo("w2 advertises " + one + ", where w1 is: give each its own --advertise");
  }
}
