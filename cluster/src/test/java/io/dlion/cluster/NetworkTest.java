package io.dlion.cluster;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Three workers, each a process on a host of its own, on lines of 50, 35 and 20 Mbit/s. */
@Timeout(value = 240, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class NetworkTest {
  private TestNetwork network;

  @BeforeEach
  void up() throws Exception {
    network = TestNetwork.ofMbit(50, 35, 20);
  }

  @AfterEach
  void down() throws Exception {
    if (network != null) {
      network.close();
    }
  }

  private HostProcess worker(int host, String name) throws Exception {
    return network.start(
        host, WorkerProcess.class, name, network.address(host), network.address(1), "3");
  }

  @Test
  void trainingSurvivesADeathAComebackAndACutLink() throws Exception {
    HostProcess one = worker(1, "w1");
    HostProcess two = worker(2, "w2");
    HostProcess three = worker(3, "w3");
    for (HostProcess host : List.of(one, two, three)) {
      host.awaitLine(line -> line.contains("begins with w1, w2, w3"), "all begin together");
    }
    one.awaitLine(line -> line.equals("sent to w3"), "gradients go to w3");
    for (HostProcess host : List.of(one, two, three)) {
      host.awaitIterations(5);
    }

    three.kill();
    for (HostProcess host : List.of(one, two)) {
      host.awaitLine(line -> line.equals("notice: lost w3"), "the death is noticed");
      host.awaitIterations(5);
    }

    HostProcess again = worker(3, "w3");
    again.awaitLine(line -> line.contains("under way"), "it comes to the run");
    again.awaitIterations(5);
    one.awaitLine(line -> line.equals("sent to w3"), "gradients go to w3 again");

    network.change("cut", 2);
    one.awaitLine(line -> line.equals("notice: lost w2"), "the cut is noticed");
    two.awaitLine(line -> line.equals("notice: lost w1"), "the cut is noticed on its other side");
    one.awaitIterations(5);
    two.awaitIterations(5); // an island of its own

    network.change("heal", 2);
    one.forget();
    one.awaitLine(line -> line.equals("sent to w2"), "they find each other again");
    two.awaitLine(line -> line.equals("sent to w1"), "and train together");
    for (HostProcess host : List.of(one, two, again)) {
      host.awaitIterations(5);
      host.stop();
    }
  }
}
