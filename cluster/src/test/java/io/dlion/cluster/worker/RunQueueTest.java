package io.dlion.cluster.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class RunQueueTest {
  @Test
  void countsWaitingForAProcessorAndNotSleeping() throws Exception {
    assumeTrue(Files.exists(Path.of("/proc/thread-self/schedstat")), "the kernel does not tell");
    AtomicBoolean over = new AtomicBoolean();
    List<Thread> busy = new ArrayList<>();
    for (int i = 0; i < 4 * Runtime.getRuntime().availableProcessors(); i++) {
      busy.add(
          Thread.ofPlatform()
              .start(() -> {
                while (!over.get()) {
                  Thread.onSpinWait();
                }
              }));
    }
    try {
      long begun = System.nanoTime();
      long before = RunQueue.waitedNanos();
      while (RunQueue.waitedNanos() - before < 1_000_000) {
        assertThat(System.nanoTime() - begun).as("waited so long").isLessThan(60_000_000_000L);
      }
      assertThat(RunQueue.waitedNanos() - before).isLessThan(System.nanoTime() - begun);
    } finally {
      over.set(true);
      for (Thread thread : busy) {
        thread.join();
      }
    }
    long before = RunQueue.waitedNanos();
    long begun = System.nanoTime();
    Thread.sleep(50);
    long elapsed = System.nanoTime() - begun;
    // However busy the machine is, those 50 ms were no waiting for a processor.
    assertThat(RunQueue.waitedNanos() - before).isLessThan(elapsed - 25_000_000);
  }
}
