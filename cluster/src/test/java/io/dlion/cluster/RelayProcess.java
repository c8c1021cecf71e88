package io.dlion.cluster;

import io.dlion.cluster.line.Whereabouts;
import io.dlion.cluster.transport.SeedHosts;
import io.dlion.core.WorkerId;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/** A relay as a process of its own, until it is killed; its argument is where it listens. */
final class RelayProcess {
  private RelayProcess() {}

  public static void main(String[] args) throws Exception {
    Whereabouts place = Whereabouts.at(SeedHosts.address("BIND", args[0]));
    try (Relay _ =
        Relay.open(
            new WorkerId("relay"), place, Optional.empty(), Optional.empty(), RelayProcess::say)) {
      new CountDownLatch(1).await();
    }
  }

  private static void say(String text) {
    System.out.println(text);
  }
}
