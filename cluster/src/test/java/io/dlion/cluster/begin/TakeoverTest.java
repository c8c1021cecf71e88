package io.dlion.cluster.begin;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlion.cluster.Lan;
import io.dlion.cluster.Line;
import io.dlion.cluster.line.FreePort;
import io.dlion.cluster.worker.WorkerOutcome;
import io.dlion.core.report.Report;
import io.dlion.core.settings.Presets;
import io.dlion.core.wire.Control.Reason;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Workers whose models have the same shape and other weights, as files of other seeds have. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TakeoverTest {
  private static final int SECONDS_MAX = 90;

  private final List<Lan> workers = new ArrayList<>();
  private final Map<String, float[]> begunWith = new ConcurrentHashMap<>();

  private Lan worker(String name, float initialWeight) throws Exception {
    Lan made = new Lan(name, FreePort.address());
    made.initialWeight = initialWeight;
    made.ballast = 50_000; // several parts
    made.hook =
        call -> {
          Line learner = made.learner;
          if (call == 0 && learner != null) {
            begunWith.put(name, learner.weights().toArray(ValueLayout.JAVA_FLOAT));
          }
          return false;
        };
    workers.add(made);
    return made;
  }

  @AfterEach
  void close() {
    workers.forEach(Lan::close);
  }

  @ParameterizedTest
  @ValueSource(strings = {"baseline", "diloco", "dlion", "ako", "gaia", "hop"})
  void allBeginWithTheWeightsOfTheFirstAndItIsSaidWhose(String preset) throws Exception {
    Lan first = worker("w2", 0.5f); // not the least name
    List<CompletableFuture<WorkerOutcome>> running = new ArrayList<>();
    for (Lan lan : List.of(first, worker("w1", -3), worker("w3", 0.5f))) {
      lan.settings = Presets.find(preset).settings().with("optimizer.learning-rate", "0.01");
      running.add(lan.run(first.bind));
      if (lan == first) {
        assertThat(first.said.take()).contains("waiting"); // the others come after it
      }
    }
    for (CompletableFuture<WorkerOutcome> outcome : running) {
      assertThat(ended(outcome).reason()).isEqualTo(Reason.EPOCHS);
    }
    float[] expected = Objects.requireNonNull(begunWith.get("w2"));
    assertThat(expected[0]).isEqualTo(0.5f);
    assertThat(begunWith.get("w1")).containsExactly(expected);
    assertThat(begunWith.get("w3")).containsExactly(expected);
    assertThat(workers.get(1).said)
        .contains("begins with the weights of w2: the model was given other ones here");
    assertThat(first.said)
        .contains("w1 would begin with other weights: it takes over those of this worker");
    assertThat(workers.get(2).said).noneMatch(line -> line.contains("weights of w2:"));
    if (preset.equals("baseline")) {
      float[] replica = replica(running.getFirst());
      for (CompletableFuture<WorkerOutcome> outcome : running) {
        assertThat(replica(outcome)).containsExactly(replica);
      }
    }
  }

  /** Says what every worker did last, should one of them not end. */
  private WorkerOutcome ended(CompletableFuture<WorkerOutcome> outcome) throws Exception {
    try {
      return outcome.get(SECONDS_MAX, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      StringBuilder text = new StringBuilder("a worker has not ended;");
      for (Lan lan : workers) {
        List<Report> reports = List.copyOf(lan.reports);
        int tail = Math.max(0, reports.size() - 5);
        text.append('\n').append(lan.id).append(" said ").append(lan.said).append(", did ");
        reports.stream().filter(Report.Notice.class::isInstance).forEach(text::append);
        text.append(reports.subList(tail, reports.size()));
      }
      throw new AssertionError(text.toString(), e);
    }
  }

  private static float[] replica(CompletableFuture<WorkerOutcome> ended) throws Exception {
    return ended.get().learner().orElseThrow().weights().toArray(ValueLayout.JAVA_FLOAT);
  }

  @Test
  void equalWeightsAreNotSent() throws Exception {
    Lan first = worker("w1", 0.5f);
    List<CompletableFuture<WorkerOutcome>> running = new ArrayList<>();
    for (Lan lan : List.of(first, worker("w2", 0.5f), worker("w3", 0.5f))) {
      running.add(lan.run(first.bind));
    }
    for (CompletableFuture<WorkerOutcome> outcome : running) {
      assertThat(outcome.get().reason()).isEqualTo(Reason.EPOCHS);
    }
    for (Lan lan : workers) {
      assertThat(lan.said).noneMatch(line -> line.contains("other weights"));
    }
  }
}
