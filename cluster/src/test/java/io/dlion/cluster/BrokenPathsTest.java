package io.dlion.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Networks in which not everybody reaches everybody: any connected graph will do. Each worker is a
 * process on a host of its own.
 */
@Timeout(value = 240, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BrokenPathsTest {
  private @Nullable TestNetwork made;

  @BeforeEach
  void canFilter() {
    TestNetwork.requireFilter();
  }

  @AfterEach
  void down() throws Exception {
    TestNetwork network = made;
    if (network != null) {
      network.close();
    }
  }

  private TestNetwork network() {
    return Objects.requireNonNull(made);
  }

  private HostProcess worker(int host, String bind, int seed, int workers) throws Exception {
    return network()
        .start(
            host,
            WorkerProcess.class,
            "w" + host,
            bind,
            network().address(seed),
            Integer.toString(workers));
  }

  private HostProcess worker(int host, int seed, int workers) throws Exception {
    return worker(host, network().address(host), seed, workers);
  }

  private static void beginTogether(List<HostProcess> workers) throws InterruptedException {
    for (HostProcess worker : workers) {
      worker.awaitLine(line -> line.contains("begins with w1, w2, w3"), "all begin together");
    }
    for (HostProcess worker : workers) {
      worker.awaitIterations(5);
    }
  }

  private static void relayed(HostProcess worker, String peer, String via)
      throws InterruptedException {
    worker.awaitAnyLine(
        line -> line.contains("no direct way to " + peer + ":") && line.contains("by " + via + ","),
        "the broken path is named");
  }

  private static void nobodyWasLost(HostProcess worker) {
    assertThat(worker.all()).noneMatch(line -> line.contains("lost "));
  }

  @Test
  void eachPathOfThreeBreaksAndHealsAndNobodyIsLost() throws Exception {
    made = TestNetwork.ofMbit(50, 50, 50);
    List<HostProcess> workers = List.of(worker(1, 1, 3), worker(2, 1, 3), worker(3, 1, 3));
    beginTogether(workers);
    for (int relay = 1; relay <= 3; relay++) {
      int one = relay == 1 ? 2 : 1;
      int other = relay == 3 ? 2 : 3;
      network().change("sever", one, other);
      relayed(workers.get(one - 1), "w" + other, "w" + relay);
      relayed(workers.get(other - 1), "w" + one, "w" + relay);
      String pair = "w" + one + " and w" + other;
      workers
          .get(relay - 1)
          .awaitLine(
              line -> line.contains(pair + " cannot reach each other"), "its relay names it, too");
      workers.get(one - 1).forget();
      String sent = "sent to w" + other;
      workers
          .get(one - 1)
          .awaitLine(line -> line.equals(sent), "what goes there goes by the third");
      network().change("mend", one, other);
      workers
          .get(one - 1)
          .awaitLine(line -> line.contains("w" + other + " is reached directly again"), "it heals");
    }
    for (HostProcess worker : workers) {
      worker.awaitIterations(5);
    }
    for (HostProcess worker : workers) {
      nobodyWasLost(worker);
      worker.stop();
    }
  }

  @Test
  void aRingOfFourTrainsTogether() throws Exception {
    made = TestNetwork.ofMbit(50, 50, 50, 50);
    network().change("sever", 1, 3);
    network().change("sever", 2, 4);
    List<HostProcess> workers = new ArrayList<>();
    for (int host = 1; host <= 4; host++) {
      workers.add(worker(host, host == 3 ? 2 : 1, 4));
    }
    beginTogether(workers);
    workers.get(0).awaitLine(line -> line.equals("sent to w3"), "across the ring");
    workers.get(3).awaitLine(line -> line.equals("sent to w2"), "across the ring");
    for (HostProcess worker : workers) {
      nobodyWasLost(worker);
      worker.stop();
    }
  }

  @Test
  void outgoingConnectionsAreEnoughForAllButOne() throws Exception {
    made = TestNetwork.ofMbit(50, 50, 50);
    network().change("nat", 2, 50);
    network().change("nat", 3, 50); // both with the address 192.168.1.2
    List<HostProcess> workers =
        List.of(worker(1, 1, 3), worker(2, "0.0.0.0:7800", 1, 3), worker(3, "[::]:7800", 1, 3));
    beginTogether(workers);
    relayed(workers.get(1), "w3", "w1");
    relayed(workers.get(2), "w2", "w1");
    for (HostProcess worker : workers) {
      worker.awaitIterations(5);
      nobodyWasLost(worker);
    }
    for (HostProcess worker : workers) {
      worker.stop();
    }
  }

  /** Neither can be called, and who forwards is no worker; it is killed and comes again. */
  @Test
  void aRelayIsEnoughForTwoWhoCannotBeCalled() throws Exception {
    made = TestNetwork.ofMbit(50, 50, 50);
    network().change("nat", 2, 50);
    network().change("nat", 3, 50);
    HostProcess relay = relay();
    List<HostProcess> workers =
        List.of(worker(2, "0.0.0.0:7800", 1, 2), worker(3, "0.0.0.0:7800", 1, 2));
    for (HostProcess worker : workers) {
      worker.awaitLine(line -> line.contains("begins with w2, w3"), "both begin together");
    }
    relayed(workers.get(0), "w3", "relay");
    relay.awaitAnyLine(line -> line.equals("forwards between w2 and w3"), "it says for whom");
    relay.kill();
    workers.get(0).awaitLine(line -> line.equals("notice: lost w3"), "there is no way left");
    relay();
    workers.get(0).awaitLine(line -> line.equals("sent to w3"), "they find each other again");
    for (HostProcess worker : workers) {
      worker.awaitIterations(5);
      worker.stop();
    }
  }

  private HostProcess relay() throws Exception {
    return network().start(1, RelayProcess.class, network().address(1));
  }

  @Test
  void aPathOnWhichOneDirectionIsLostIsBroken() throws Exception {
    made = TestNetwork.ofMbit(50, 50, 50);
    network().change("firewall", 3); // and nobody can call w3
    List<HostProcess> workers = List.of(worker(1, 1, 3), worker(2, 1, 3), worker(3, 1, 3));
    beginTogether(workers);
    network().change("deafen", 1, 2);
    relayed(workers.get(0), "w2", "w3");
    relayed(workers.get(1), "w1", "w3");
    for (HostProcess worker : workers) {
      worker.awaitIterations(10);
      nobodyWasLost(worker);
    }
    for (HostProcess worker : workers) {
      worker.stop();
    }
  }

  @Test
  void whenARelayDiesAnotherForwards() throws Exception {
    made = TestNetwork.ofMbit(50, 50, 50, 50);
    network().change("sever", 1, 3);
    List<HostProcess> workers = new ArrayList<>();
    for (int host = 1; host <= 4; host++) {
      workers.add(worker(host, host == 1 || host == 3 ? 2 : 1, 4));
    }
    beginTogether(workers);
    String line =
        workers
            .get(0)
            .awaitAnyLine(l -> l.contains("no direct way to w3:"), "who forwards is named");
    int relay = line.contains("by w2,") ? 2 : 4;
    workers.get(relay - 1).kill();
    relayed(workers.get(0), "w3", "w" + (6 - relay));
    String lost = "notice: lost w" + relay;
    workers.get(0).awaitAnyLine(l -> l.equals(lost), "its death is noticed");
    workers.get(0).forget();
    workers.get(0).awaitLine(l -> l.equals("sent to w3"), "and the others train on");
    workers.get(2).awaitIterations(5);
    assertThat(workers.get(0).all()).doesNotContain("notice: lost w3");
    for (int k : List.of(1, 3, 6 - relay)) {
      workers.get(k - 1).stop();
    }
  }

  @Test
  void anAddressMayChange() throws Exception {
    made = TestNetwork.ofMbit(50, 50, 50);
    network().change("mtu", 2, 1280);
    List<HostProcess> workers =
        List.of(worker(1, 1, 3), worker(2, 1, 3), worker(3, "0.0.0.0:7800", 1, 3));
    beginTogether(workers);
    network().change("move", 3, 33);
    Thread.sleep(8000); // by then it would have been lost
    for (HostProcess worker : workers) {
      worker.awaitIterations(5);
    }
    workers.get(2).awaitLine(line -> line.equals("sent to w1"), "it sends from its new address");
    workers.get(0).awaitLine(line -> line.equals("sent to w3"), "and is sent to");
    for (HostProcess worker : workers) {
      nobodyWasLost(worker);
      worker.stop();
    }
  }
}
