package io.dlion.cluster.line;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlion.cluster.Lan;
import io.dlion.cluster.worker.WorkerOutcome;
import io.dlion.core.settings.Goal;
import io.dlion.core.wire.Control.Reason;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DoorwayTest {
  /** Each of them would keep others out for a second if they were heard one after the other. */
  private static final int MUTE = 200;

  @Test
  void whoSaysNothingOrNonsenseKeepsNobodyOut() throws Exception {
    List<Socket> strangers = new ArrayList<>();
    try (Lan first = new Lan("w1", FreePort.address());
        Lan second = new Lan("w2", FreePort.address())) {
      CountDownLatch exchanged = new CountDownLatch(5);
      for (Lan lan : List.of(first, second)) {
        lan.minWorkers = 2;
        lan.nanosPerSample = 100_000;
        lan.goal = Goal.NONE;
        lan.countsDown(exchanged);
      }
      CompletableFuture<WorkerOutcome> running = first.run(first.bind);
      assertThat(first.said.take()).contains("waiting");
      SplittableRandom random = new SplittableRandom(7);
      for (int i = 0; i < MUTE; i++) {
        Socket stranger = new Socket(first.bind.getAddress(), first.bind.getPort());
        strangers.add(stranger);
        if (i % 4 == 3) {
          byte[] nonsense = new byte[1000];
          random.nextBytes(nonsense);
          stranger.getOutputStream().write(nonsense);
        }
      }
      CompletableFuture<WorkerOutcome> alsoRunning = second.run(first.bind);
      exchanged.await();
      first.worker().requestStop(Reason.REQUEST);
      second.worker().requestStop(Reason.REQUEST);
      assertThat(running.get().reason()).isEqualTo(Reason.REQUEST);
      assertThat(alsoRunning.get().reason()).isEqualTo(Reason.REQUEST);
    } finally {
      for (Socket stranger : strangers) {
        stranger.close();
      }
    }
  }
}
