package io.dlion.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlion.cluster.cap.Caps;
import io.dlion.cluster.line.FreePort;
import io.dlion.cluster.settle.Agreement;
import io.dlion.cluster.worker.WorkerOutcome;
import io.dlion.core.WorkerId;
import io.dlion.core.report.Report;
import io.dlion.core.settings.Goal;
import io.dlion.core.wire.Control.Reason;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A worker with a cap trains with others over this machine's loopback. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CappedClusterTest {
  private static final double CAP_MBIT = 3;
  private static final double BYTES_PER_SECOND = CAP_MBIT * 125_000;

  private final List<Lan> workers = new ArrayList<>();

  @AfterEach
  void close() {
    workers.forEach(Lan::close);
  }

  private Lan worker(String name) throws Exception {
    Lan made = new Lan(name, FreePort.address());
    made.minWorkers = 2;
    made.ballast = 100_000; // a model of 400 kB: a second of what is allowed
    made.nanosPerSample = 1_000_000;
    made.goal = new Goal(Lan.EXAMPLES * 15L, Long.MAX_VALUE, 2);
    workers.add(made);
    return made;
  }

  private static CompletableFuture<Agreement> agree(Lan lan, MemorySegment weights) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return lan.worker().agree(new Mean(weights));
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        },
        task -> Thread.ofPlatform().start(task));
  }

  /** What the link of a worker was found to carry, the median over its messages. */
  private static double measuredBytesPerSecond(Lan lan) {
    double[] measured =
        lan.reports.stream()
            .filter(r -> r instanceof Report.Sent)
            .mapToDouble(r -> ((Report.Sent) r).bytesPerSecond())
            .filter(rate -> rate > 0)
            .sorted()
            .toArray();
    assertThat(measured).isNotEmpty();
    return measured[measured.length / 2];
  }

  @Test
  void messagesAreFittedToWhatACapLeavesAndAllEndWithOneModel() throws Exception {
    Lan one = worker("w1");
    Lan two = worker("w2");
    // It makes the model of the run: its cap holds for what it takes, and for what it sends.
    one.caps = Caps.parse(Optional.of("" + CAP_MBIT), Optional.empty(), List.of());
    Map<String, CompletableFuture<WorkerOutcome>> running = new TreeMap<>();
    workers.forEach(lan -> running.put(lan.id.name(), lan.run(one.bind)));
    List<MemorySegment> weights = new ArrayList<>();
    for (CompletableFuture<WorkerOutcome> outcome : running.values()) {
      assertThat(outcome.get().reason()).isEqualTo(Reason.EPOCHS);
      weights.add(outcome.get().learner().orElseThrow().weights());
    }
    assertThat(one.said).contains("sends at most 3 Mbit/s, takes at most 3 Mbit/s");
    assertThat(two.said).noneMatch(line -> line.contains("Mbit/s"));
    assertThat(one.worker().status().limits().uploadMbit()).isEqualTo(CAP_MBIT);
    assertThat(measuredBytesPerSecond(one)).as("uploads").isLessThan(1.3 * BYTES_PER_SECOND);
    assertThat(measuredBytesPerSecond(two)).as("taken").isLessThan(1.3 * BYTES_PER_SECOND);

    CompletableFuture<Agreement> first = agree(one, weights.get(0));
    CompletableFuture<Agreement> second = agree(two, weights.get(1));
    Agreement expected = new Agreement("mean of 2", Optional.of(new WorkerId("w1")));
    assertThat(first.get()).isEqualTo(expected);
    assertThat(second.get()).isEqualTo(expected);
    assertThat(weights.get(0).mismatch(weights.get(1))).isEqualTo(-1);
  }
}
