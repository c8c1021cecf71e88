package io.dlion.cluster.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlion.cluster.Line;
import io.dlion.core.WorkerId;
import io.dlion.core.report.Report;
import io.dlion.core.settings.Goal;
import io.dlion.core.wire.Control.Reason;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.DoublePredicate;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A worker gets the batches that fit what other programs leave it of its machine, and no others
 * once they have ended. {@code src/test/sh/burner} shows it with such a program.
 */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BusyMachineTest {
  private static final WorkerId BUSY = Cluster.id(3);

  /** Much more than this machine's own unsteadiness. */
  private static final long NANOS_PER_SAMPLE = 200_000;

  /** How much longer a step takes while the others compute, too. */
  private static final int SLOWER = 5;

  private static final int IN_A_ROW = 5;
  private static final int SECONDS_MAX = 60;

  private final BlockingQueue<Report.Iteration> iterations = new LinkedBlockingQueue<>();

  /** Waits until the busy worker's share of the global batch is so for some steps in a row. */
  private double awaitShare(String what, DoublePredicate wanted) throws InterruptedException {
    iterations.clear();
    double share = Double.NaN;
    for (int inARow = 0; inARow < IN_A_ROW; ) {
      Report.Iteration next = iterations.poll(SECONDS_MAX, TimeUnit.SECONDS);
      assertThat(next).as("%s; its share was %s", what, share).isNotNull();
      share = next.batchSize() / (double) next.globalBatchSize();
      inARow = wanted.test(share) ? inARow + 1 : 0;
    }
    return share;
  }

  @ParameterizedTest
  @ValueSource(strings = {"dlion", "dlion-paper"})
  void batchesFollowWhatOthersLeaveOfTheMachine(String preset) throws Exception {
    AtomicLong cost = new AtomicLong(NANOS_PER_SAMPLE);
    Cluster made = new Cluster().preset(preset).set("batching.initial", "32");
    made.set("evaluate.every", "1000").set("checkpoint.every", "1000");
    made.goal = Goal.NONE;
    made.onReport =
        r -> {
          if (r instanceof Report.Iteration i && i.worker().equals(BUSY)) {
            iterations.add(i);
          }
        };
    try (LocalCluster cluster =
        made.start(id ->
            id.equals(BUSY)
                ? new Line(0, cost::get, call -> false)
                : new Line(0, NANOS_PER_SAMPLE, call -> false))) {
      awaitShare("a third at first", share -> share > 0.25 && share < 0.42);
      cost.set(SLOWER * NANOS_PER_SAMPLE);
      awaitShare("less while the machine is busy", share -> share < 0.2);
      cost.set(NANOS_PER_SAMPLE);
      awaitShare("as before afterwards", share -> share > 0.25 && share < 0.42);
      cluster.requestStop(Reason.REQUEST);
    }
  }
}
